package io.shiftadd.kernel.loops;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes the unrolled loops of tiles of 16 rows, whose vectors look up in as many tables as they have lanes of 128
 * bits. Why they are unrolled: {@link LoopWriter}.
 */
final class LowLoopWriter {

    private static final String TOKENS = "ABCD";

    private final StringBuilder out = new StringBuilder();

    private LowLoopWriter() {}

    static List<LoopWriter.Source> all() {
        return List.of(
                new LoopWriter.Source("VectorSums", sums()), new LoopWriter.Source("VectorTokenSums", tokenSums()));
    }

    private static String sums() {
        LowLoopWriter w = new LowLoopWriter();
        w.head(
                "VectorSums",
                "TileSums",
                "Look-ups in vector registers, in tiles of 16 rows. A register holds as many tables of 16 entries as it has 128-bit",
                "lanes, so that a vector of a tile looks up with one permutation: the nibble plus 16 times the lane selects the entry.",
                "",
                "<p>The two entries that a byte of codes selects are added as bytes, which their bound allows, and the sums as 16-bit",
                "lanes {@code all += x} and {@code odd += x >>> 8}; {@code all − (odd << 8)} is the sum of the even bytes, all modulo",
                "2^16, which 256 sums cannot exceed. Nibbles are taken out as ints, since shifts of bytes are emulated; a neighbour's",
                "bits are masked away.",
                "",
                "<p>The loops are written out, without helpers: once a method is large, the just-in-time compiler no longer inlines",
                "small ones, and a vector that leaves a method is boxed. An accumulator is the argument of an addition and never its",
                "receiver, whose class the compiler has to know: of a value that a loop carries it would have to guess it.");
        w.constant("tiles", "TILES");
        w.constant("shorts", "SHORTS");
        w.text("""
                    /** Eight need 26 vectors: machines with 512 bits have 32 of them, others may have 16. */
                """);
        w.constant("most", "B == ByteVector.SPECIES_512 ? MOST : TILES");
        w.oneTile();
        w.tiles("someTiles", 4);
        w.line("");
        w.tiles("eightTiles", 8);
        return w.end();
    }

    private static String tokenSums() {
        LowLoopWriter w = new LowLoopWriter();
        w.head("VectorTokenSums", "TokenSums", "The look-ups of {@link VectorSums} for several tokens.");
        w.constant("tiles", "PAIR");
        w.fourTokens();
        return w.end();
    }

    private void head(String name, String role, String... comment) {
        text("""
                package io.shiftadd.kernel.loops;

                import static io.shiftadd.kernel.packed.TableLayout.TILE_TABLE_BYTES;
                import static java.nio.ByteOrder.LITTLE_ENDIAN;
                import static jdk.incubator.vector.VectorOperators.LSHR;

                import io.shiftadd.kernel.packed.PlaneLayout;
                import io.shiftadd.kernel.species.VectorLength;
                import java.lang.foreign.MemorySegment;
                import java.lang.invoke.MethodHandles;
                import jdk.incubator.vector.ByteVector;
                import jdk.incubator.vector.ShortVector;
                import jdk.incubator.vector.VectorSpecies;

                """);
        line("/**");
        for (String each : comment) {
            line(each.isEmpty() ? " *" : " * " + each);
        }
        text("""
                 *
                 * <p>Written by {@code LowLoopWriter}, which a test holds it to.
                 */
                """);
        line("final class %s implements %s {", name, role);
        text("""

                    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);
                    private static final VectorSpecies<Short> S = B.withLanes(short.class);
                    private static final int LENGTH = B.length();
                    private static final int TILE_BYTES = PlaneLayout.TILE_ROWS * PlaneLayout.TILE_VECTORS;
                    private static final int SHORTS = S.length();
                    private static final ByteVector NIBBLE = ByteVector.broadcast(B, 0xF);
                    private static final ByteVector TABLE_OF_LANE = VectorLength.tableOfLane(B);

                """);
    }

    private void constant(String name, String value) {
        line("    @Override");
        line("    public int %s() {", name);
        line("        return %s;", value);
        line("    }");
        line("");
    }

    private void oneTile() {
        text("""
                    @Override
                    public void oneTile(
                            MemorySegment codes, long offset, int tiles, byte[] tables, int tableOffset, short[] sums, int at) {
                        ShortVector all = ShortVector.zero(S);
                        ShortVector odd = ShortVector.zero(S);
                        for (int tile = 0; tile < tiles; tile++) {
                            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                                ByteVector code =
                                        ByteVector.fromMemorySegment(B, codes, offset + (long) tile * TILE_BYTES + part, LITTLE_ENDIAN);
                """);
        nibbles("");
        text("""
                                ShortVector sum = low.selectFrom(ByteVector.fromArray(B, tables, table))
                                        .add(high.selectFrom(ByteVector.fromArray(B, tables, table + TILE_BYTES)))
                                        .reinterpretAsShorts();
                """);
        add("");
        text("""
                            }
                        }
                        all.intoArray(sums, at);
                        odd.intoArray(sums, at + SHORTS);
                    }

                """);
    }

    /** Several row tiles, one token: a table is loaded once for all of them. */
    private void tiles(String name, int count) {
        begin(name, "short[] sums");
        List<String> labels = new ArrayList<>();
        for (int tile = 0; tile < count; tile++) {
            labels.add("" + tile);
        }
        zeros(labels);
        loop();
        tables("", "");
        for (int tile = 0; tile < count; tile++) {
            code(tile);
            look("" + tile, tile, "");
        }
        close(labels);
    }

    /** Two row tiles and four tokens, tokens innermost: codes are taken apart once for all of them. */
    private void fourTokens() {
        begin("fourTokens", "int tokenStride", "short[] sums");
        List<String> labels = new ArrayList<>();
        for (int tile = 0; tile < 2; tile++) {
            for (char token : TOKENS.toCharArray()) {
                labels.add("" + tile + token);
            }
        }
        zeros(labels);
        loop();
        code(0);
        code(1);
        for (int token = 0; token < TOKENS.length(); token++) {
            String letter = TOKENS.substring(token, token + 1);
            tables(letter, times(token, "tokenStride"));
            look("0" + letter, 0, letter);
            look("1" + letter, 1, letter);
        }
        close(labels);
    }

    private void begin(String name, String... last) {
        line("    @Override");
        line("    public void %s(", name);
        List<String> parameters = new ArrayList<>(List.of(
                "MemorySegment codes",
                "long offset",
                "long rowTileStride",
                "int tiles",
                "byte[] tables",
                "int tableOffset"));
        parameters.addAll(List.of(last));
        line("            %s) {", String.join(",\n            ", parameters));
    }

    private void zeros(List<String> labels) {
        for (String label : labels) {
            line("        ShortVector all%s = ShortVector.zero(S);", label);
            line("        ShortVector odd%s = ShortVector.zero(S);", label);
        }
    }

    private void loop() {
        text("""
                        for (int tile = 0; tile < tiles; tile++) {
                            for (int part = 0; part < TILE_BYTES; part += LENGTH) {
                                long code = offset + (long) tile * TILE_BYTES + part;
                                int table = tableOffset + tile * TILE_TABLE_BYTES + part;
                """);
    }

    private void tables(String name, String further) {
        line("                ByteVector lowTable%s = ByteVector.fromArray(B, tables, table%s);", name, further);
        line(
                "                ByteVector highTable%s = ByteVector.fromArray(B, tables, table%s + TILE_BYTES);",
                name, further);
    }

    private void code(int tile) {
        line(
                "                ByteVector code%d = ByteVector.fromMemorySegment(B, codes, code%s, LITTLE_ENDIAN);",
                tile, times(tile, "rowTileStride"));
        nibbles("" + tile);
    }

    private void nibbles(String tile) {
        line("                ByteVector low%s = code%s.and(NIBBLE).or(TABLE_OF_LANE);", tile, tile);
        line("                ByteVector high%s = code%s.reinterpretAsInts()", tile, tile);
        text("""
                                        .lanewise(LSHR, 4)
                                        .reinterpretAsBytes()
                                        .and(NIBBLE)
                                        .or(TABLE_OF_LANE);
                """);
    }

    private void look(String label, int tile, String tables) {
        line("                ShortVector sum%s = low%d.selectFrom(lowTable%s)", label, tile, tables);
        line("                        .add(high%d.selectFrom(highTable%s))", tile, tables);
        line("                        .reinterpretAsShorts();");
        add(label);
    }

    private void add(String label) {
        line("                all%s = sum%s.add(all%s);", label, label, label);
        line("                odd%s = sum%s.lanewise(LSHR, Byte.SIZE).add(odd%s);", label, label, label);
    }

    private void close(List<String> labels) {
        line("            }");
        line("        }");
        for (int i = 0; i < labels.size(); i++) {
            line("        all%s.intoArray(sums, %s);", labels.get(i), i == 0 ? "0" : 2 * i + " * SHORTS");
            line("        odd%s.intoArray(sums, %sSHORTS);", labels.get(i), i == 0 ? "" : 2 * i + 1 + " * ");
        }
        line("    }");
    }

    private static String times(int count, String stride) {
        return count == 0 ? "" : count == 1 ? " + " + stride : " + " + count + " * " + stride;
    }

    private void line(String format, Object... values) {
        out.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }

    private void text(String block) {
        out.append(block);
    }

    private String end() {
        return out + "}\n";
    }
}
