package io.shiftadd.model.vision;

import io.shiftadd.format.FormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which of a model's classes the classes of a set of images are. */
public final class ImageLabels {

    private ImageLabels() {}

    /**
     * By name, where case, underscores and hyphens do not count and one of several names, separated by commas, is
     * enough; where no class of the set is found so, by number.
     *
     * @param classes of the set
     * @param labels of the model
     * @param where names the set in errors
     * @return for each class of the set the number of the model's
     * @throws FormatException naming the first class that the model does not know
     */
    public static int[] match(List<String> classes, List<String> labels, String where) {
        Map<String, Integer> known = new HashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            known.putIfAbsent(plain(labels.get(i)), i);
            for (String synonym : labels.get(i).split(",", -1)) {
                known.putIfAbsent(plain(synonym), i);
            }
        }
        boolean numbered = classes.stream().allMatch(name -> isNumber(name, labels.size()))
                && classes.stream().noneMatch(name -> known.containsKey(plain(name)));
        int[] numbers = new int[classes.size()];
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            String name = classes.get(i);
            Integer found = numbered ? Integer.valueOf(name) : known.get(plain(name));
            if (found == null) {
                unknown.add(name);
            } else {
                numbers[i] = found;
            }
        }
        if (!unknown.isEmpty()) {
            throw new FormatException(
                    "has a class '" + unknown.getFirst() + "'",
                    where,
                    "the model's classes are " + String.join(", ", labels.subList(0, Math.min(10, labels.size())))
                            + (labels.size() > 10 ? ", … (" + labels.size() + ")" : ""),
                    "Name the classes as the model does, or by its numbers from 0 to " + (labels.size() - 1) + ".");
        }
        return numbers;
    }

    private static boolean isNumber(String name, int count) {
        return name.matches("\\d{1,8}") && Integer.parseInt(name) < count;
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
    }
}
