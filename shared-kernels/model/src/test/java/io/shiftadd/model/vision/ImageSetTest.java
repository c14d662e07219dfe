package io.shiftadd.model.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.format.FormatException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSetTest {

    @TempDir
    private Path directory;

    private static byte[] png(int colour) throws IOException {
        BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, colour);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private Path put(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    @Test
    void everyFolderIsAClass() throws IOException {
        put("dog/b.PNG", png(0x0000FF));
        put("cat/a.png", png(0xFF0000));
        put("cat/notes.txt", new byte[] {1});
        put("cat/.hidden.png", png(0));
        put("empty/readme.md", new byte[] {1});
        put("loose.png", png(0));
        ImageSet set = ImageSet.open(directory);
        assertThat(set.classes()).containsExactly("cat", "dog");
        assertThat(set.size()).isEqualTo(2);
        assertThat(set.label(1)).isEqualTo(1);
        assertThat(set.image(0).rgb()).startsWith(255, 0, 0);
        assertThat(set.image(1).rgb()).startsWith(0, 0, 255);
        assertThat(set.files()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void idxFilesComeInPairs(boolean zipped) throws IOException {
        String ending = zipped ? ".gz" : "";
        idx("t10k-images-idx3-ubyte" + ending, new int[] {2, 1, 3}, 10, 20, 30, 40, 50, 255);
        idx("t10k-labels-idx1-ubyte" + ending, new int[] {2}, 7, 0);
        ImageSet set = ImageSet.open(directory);
        assertThat(set.size()).isEqualTo(2);
        assertThat(set.classes()).hasSize(8).endsWith("7");
        assertThat(set.label(0)).isEqualTo(7);
        assertThat(set.image(1).rgb()).containsExactly(40, 40, 40, 50, 50, 50, 255, 255, 255);
        Path named = directory.resolve("t10k-images-idx3-ubyte" + ending);
        assertThat(ImageSet.open(named).digest(directory, () -> {})).isEqualTo(set.digest(directory, () -> {}));
        idx("train-images-idx3-ubyte", new int[] {1, 1, 1}, 1);
        assertThatThrownBy(() -> ImageSet.open(directory)).hasMessageContaining("has several IDX files");
    }

    private void idx(String name, int[] sizes, int... bytes) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(4 + 4 * sizes.length + bytes.length);
        content.putInt(0x0800 | sizes.length);
        for (int size : sizes) {
            content.putInt(size);
        }
        for (int value : bytes) {
            content.put((byte) value);
        }
        try (OutputStream raw = Files.newOutputStream(directory.resolve(name));
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
            out.write(content.array());
        }
    }

    @Test
    void damagedIdxFilesAreRefused() throws IOException {
        idx("x-labels-idx1-ubyte", new int[] {2}, 1, 2);
        idx("x-images-idx3-ubyte", new int[] {2, 1, 2}, 1, 2, 3);
        assertThatThrownBy(() -> ImageSet.open(directory)).hasMessageContaining("has not the 4 bytes");
        idx("x-images-idx3-ubyte", new int[] {3, 1, 1}, 1, 2, 3);
        assertThatThrownBy(() -> ImageSet.open(directory)).hasMessageContaining("has 2 labels");
        idx("x-images-idx3-ubyte", new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 9});
        assertThatThrownBy(() -> ImageSet.open(directory)).hasMessageContaining("announces");
        idx("x-images-idx3-ubyte", new int[] {-1, 1, 1});
        assertThatThrownBy(() -> ImageSet.open(directory)).hasMessageContaining("announces");
        put("x-images-idx3-ubyte", new byte[] {0, 0});
        assertThatThrownBy(() -> ImageSet.open(directory)).hasMessageContaining("is no IDX file");
        Files.delete(directory.resolve("x-labels-idx1-ubyte"));
        assertThatThrownBy(() -> ImageSet.open(directory)).hasMessageContaining("labels beside them");
    }

    @Test
    void aTableNamesPlacesInAFile() throws IOException {
        byte[] image = png(0x00FF00);
        put("set.bin", image);
        Path table = put("set.csv", ("image,offset,length,label,name\n0,0," + image.length + ",2,frog\n").getBytes());
        ImageSet set = ImageSet.open(table);
        assertThat(set.classes()).containsExactly("0", "1", "frog");
        assertThat(set.image(0).rgb()).startsWith(0, 255, 0);
        put("set.csv", ("offset,length,label\n1," + image.length + ",0\n").getBytes());
        assertThatThrownBy(() -> ImageSet.open(table)).hasMessageContaining("a place in row 1");
        put("set.csv", "offset,length,label\n0,x,0\n".getBytes());
        assertThatThrownBy(() -> ImageSet.open(table)).hasMessageContaining("row 1");
        put("set.csv", "offset,length\n".getBytes());
        assertThatThrownBy(() -> ImageSet.open(table)).hasMessageContaining("columns offset, length and label");
    }

    @Test
    void aBrokenImageIsNamed() throws IOException {
        Path broken = put("cat/a.png", new byte[] {1, 2, 3});
        assertThatThrownBy(() -> ImageSet.open(directory).image(0))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(broken.toString());
    }

    @Test
    void whatHoldsNoImagesIsNoSet() throws IOException {
        Path text = put("a/b.txt", new byte[] {1});
        assertThatThrownBy(() -> ImageSet.open(directory)).hasMessageContaining("has no folder with image files");
        assertThatThrownBy(() -> ImageSet.open(text)).hasMessageContaining("is no set of images");
    }

    @Test
    void anotherContentIsAnotherDigest() throws IOException {
        put("cat/a.png", png(1));
        String before = ImageSet.open(directory).digest(directory, () -> {});
        assertThat(ImageSet.open(directory).digest(directory, () -> {})).isEqualTo(before);
        put("cat/a.png", png(2));
        assertThat(ImageSet.open(directory).digest(directory, () -> {})).isNotEqualTo(before);
    }

    @Test
    void classesAreFoundByNameElseByNumber() {
        List<String> labels = List.of("tabby, tabby cat", "sports_car", "2");
        assertThat(ImageLabels.match(List.of("Sports Car", "tabby cat"), labels, "set"))
                .containsExactly(1, 0);
        assertThat(ImageLabels.match(List.of("0", "1"), labels, "set")).containsExactly(0, 1);
        assertThat(ImageLabels.match(List.of("2"), labels, "set")).containsExactly(2);
        assertThatThrownBy(() -> ImageLabels.match(List.of("tabby", "dog"), labels, "my set"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("my set: has a class 'dog'")
                .hasMessageContaining("sports_car");
        assertThatThrownBy(() -> ImageLabels.match(List.of("0", "3"), labels, "my set"))
                .hasMessageContaining("has a class '0'");
    }
}
