package io.shiftadd.registry.hub;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.contents.ModelContents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which files of a repository are needed, decided from their names: safetensors where there are, else a GGUF file, else
 * pickled weights; with them what describes the model, its chat templates, its licence and its README.
 *
 * @param texts fetched first, whole
 * @param weights the weight files; empty when {@code index} names them
 * @param index of weights in several files
 * @param variant what tells this model from others of the same commit; empty when there is but one
 */
record HubSelection(
        List<HubFile> texts,
        List<HubFile> weights,
        @Nullable HubFile index,
        String variant) {

    static final String CONFIG = "config.json";

    private static final long MAX_INDEX_BYTES = 64_000_000;
    private static final Pattern WEIGHTS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}\\.(safetensors|gguf|bin)");
    private static final Pattern PART = Pattern.compile("(.*)-\\d{5}-of-\\d{5}");
    private static final Pattern CARRIED = Pattern.compile(
            "(readme|licen[cs]e|notice|copying|use_policy)[A-Za-z0-9._-]{0,60}|chat_template[A-Za-z0-9._-]{0,60}\\.(jinja|json)"
                    + "|additional_chat_templates/[A-Za-z0-9][A-Za-z0-9._-]{0,60}\\.jinja",
            Pattern.CASE_INSENSITIVE);

    /**
     * @param choice the end of a GGUF file's name, or null
     * @throws HubException when it is not clear which files are meant, or there are none that are read
     */
    static HubSelection of(HubListing listing, HubRepository repository) throws HubException {
        Map<String, HubFile> top = new HashMap<>();
        listing.files().stream().filter(file -> !file.isInFolder()).forEach(file -> top.put(file.path(), file));
        Map<String, List<HubFile>> gguf = ggufModels(listing);
        String choice = repository.choice();
        if (choice == null) {
            for (String name : List.of("model.safetensors", "pytorch_model.bin")) {
                HubFile single = top.get(name);
                HubFile index = top.get(name + ".index.json");
                boolean other = name.endsWith(".bin") && !gguf.isEmpty();
                if (!other && (single != null || index != null)) {
                    return described(listing, single == null ? List.of() : List.of(single), index);
                }
                Optional<HubFile> only = name.endsWith(".bin") ? Optional.empty() : onlySafetensors(top);
                if (only.isPresent()) {
                    return described(listing, List.of(only.get()), null);
                }
            }
        }
        return gguf(listing, gguf, repository);
    }

    private static Optional<HubFile> onlySafetensors(Map<String, HubFile> top) {
        List<HubFile> all = top.values().stream()
                .filter(file -> file.path().endsWith(".safetensors")
                        && !file.path().startsWith("adapter_")
                        && WEIGHTS.matcher(file.path()).matches())
                .toList();
        return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    private static HubSelection described(HubListing listing, List<HubFile> weights, @Nullable HubFile index) {
        List<HubFile> texts = listing.files().stream()
                .filter(file -> isCarried(file) || !file.isInFolder() && isDescription(file.path()))
                .sorted(Comparator.comparing((HubFile file) -> !file.path().equals(CONFIG))
                        .thenComparing(HubFile::path))
                .toList();
        return new HubSelection(texts, weights, weights.isEmpty() ? index : null, "");
    }

    private static boolean isDescription(String name) {
        return ModelContents.isRead(name) && !WEIGHTS.matcher(name).matches() && !name.endsWith(".index.json");
    }

    private static boolean isCarried(HubFile file) {
        return CARRIED.matcher(file.path()).matches();
    }

    private static HubSelection gguf(HubListing listing, Map<String, List<HubFile>> models, HubRepository repository)
            throws HubException {
        String choice = repository.choice();
        List<String> fitting = models.keySet().stream()
                .filter(stem -> choice == null || isChosen(stem, choice))
                .toList();
        if (models.isEmpty()) {
            throw new HubException(repository.name()
                    + (choice == null
                            ? " has no weights that are read: no safetensors, GGUF or pytorch_model.bin file at its top. It has "
                                    + some(listing.files().stream()
                                            .map(HubFile::path)
                                            .toList())
                            : " has no GGUF file. Leave out ':" + choice + "'"));
        }
        if (fitting.size() != 1) {
            throw new HubException(repository.name() + " has "
                    + (fitting.isEmpty() ? "no GGUF file of this choice" : fitting.size() + " such GGUF files")
                    + ": " + some(List.copyOf(models.keySet())) + ". Name one by the end of its name, such as "
                    + repository.name() + ":"
                    + models.keySet().iterator().next().replaceFirst(".*[-.]", ""));
        }
        String stem = fitting.getFirst();
        // A GGUF file describes itself; what other files say might be of another one.
        List<HubFile> texts = listing.files().stream()
                .filter(file -> isCarried(file)
                        && !file.name().toLowerCase(Locale.ROOT).startsWith("chat_template")
                        && !file.isInFolder())
                .toList();
        return new HubSelection(texts, models.getOrDefault(stem, List.of()), null, stem);
    }

    private static boolean isChosen(String stem, String choice) {
        String name = stem.toLowerCase(Locale.ROOT);
        String end = choice.toLowerCase(Locale.ROOT);
        int before = name.length() - end.length() - 1;
        return name.equals(end) || before >= 0 && name.endsWith(end) && "-._".indexOf(name.charAt(before)) >= 0;
    }

    /**
     * The GGUF models by the names of their files without part and ending; projectors of what a model sees are none.
     */
    private static Map<String, List<HubFile>> ggufModels(HubListing listing) {
        Map<String, List<HubFile>> models = new TreeMap<>();
        for (HubFile file : listing.files()) {
            String name = file.name();
            if (name.endsWith(".gguf") && WEIGHTS.matcher(name).matches() && !name.startsWith("mmproj")) {
                String stem = name.substring(0, name.length() - ".gguf".length());
                Matcher part = PART.matcher(stem);
                models.computeIfAbsent(part.matches() ? part.group(1) : stem, _ -> new ArrayList<>())
                        .add(file);
            }
        }
        return models;
    }

    private static String some(List<String> names) {
        List<String> first = names.stream().limit(20).map(HubRepository::shown).toList();
        return String.join(", ", first) + (names.size() > 20 ? " and " + (names.size() - 20) + " more" : "");
    }

    /**
     * All weight files.
     *
     * @param file of the index, which has been fetched; not looked at when the weights are known already
     * @throws HubException when the index is malformed, or names what is no plain weight file of the repository
     */
    List<HubFile> allWeights(HubListing listing, Path file) throws HubException {
        if (index == null) {
            return weights;
        }
        String ending = index.path().endsWith(".bin.index.json") ? ".bin" : ".safetensors";
        TreeSet<String> names = new TreeSet<>();
        try {
            JsonNode map = ModelJson.read(file, MAX_INDEX_BYTES).path("weight_map");
            map.values().forEach(name -> names.add(name.asString("")));
        } catch (FormatException e) {
            throw new HubException(String.valueOf(e.getMessage()));
        }
        if (names.isEmpty()) {
            throw new HubException(index.path() + " has no weight_map, or an empty one");
        }
        List<HubFile> shards = new ArrayList<>();
        for (String name : names) {
            String what = index.path() + " names '" + HubRepository.shown(name) + "', ";
            if (!WEIGHTS.matcher(name).matches() || !name.endsWith(ending)) {
                throw new HubException(what + "which is no plain " + ending + " file");
            }
            shards.add(listing.files().stream()
                    .filter(listed -> listed.path().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new HubException(what + "which the repository does not have")));
        }
        return shards;
    }
}
