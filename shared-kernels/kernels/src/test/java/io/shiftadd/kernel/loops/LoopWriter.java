package io.shiftadd.kernel.loops;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes the unrolled loops of tiles, one class for each: what is unrolled has to stand in the source, since a
 * vector that goes through an array or a method is boxed.
 */
final class LoopWriter {

    private static final String SUMS = "sum";
    private static final String SHIFTED = "shifted";

    /** Longest line, and what stands before a statement of a loop. */
    private static final int LINE = 120;

    private static final int INDENT = 12;

    private final StringBuilder out = new StringBuilder();

    private LoopWriter() {}

    /** A file of loops: the class's name and its source. */
    record Source(String name, String text) {}

    /** Vectors of codes that a loop takes at a time; each is a unit for each token. */
    private enum Units {
        /** Row tiles whose 64 rows are a vector. */
        ROW_TILES,
        /** The quarters of a row tile, which are vectors of 128 bits. */
        QUARTERS
    }

    static List<Source> all() {
        return List.of(
                new Source("VectorWholeSums", wholeSums()),
                new Source("VectorWholePlaneSums", planeSums()),
                new Source("VectorWholeTokenSums", wholeTokenSums()),
                new Source("VectorQuarterSums", quarterSums()),
                new Source("VectorQuarterTokenSums", quarterTokenSums()));
    }

    private static String wholeSums() {
        LoopWriter w = new LoopWriter();
        w.head(
                "Look-ups in tiles with vectors of 512 bits: all bytes of a vector look up in the same table of 16",
                "entries, so that an index is a nibble and nothing else, a table takes a load of 16 bytes, and a sum's lanes",
                "are rows. Eight row tiles take 23 of 32 registers.");
        w.begin("VectorWholeSums", "TileSums", true);
        w.shorts();
        w.constant("int", "most", "MOST");
        w.constant("int", "tiles", "TILES");
        w.oneToken("oneTile", Units.ROW_TILES, 1, "at");
        w.oneToken("someTiles", Units.ROW_TILES, 4, "");
        w.oneToken("eightTiles", Units.ROW_TILES, 8, "");
        return w.end();
    }

    private static String quarterSums() {
        LoopWriter w = new LoopWriter();
        w.head(
                "Look-ups in tiles with vectors of 128 bits, a row tile at a time: a line of codes is used whole when it",
                "comes, and its sums stay in registers. A look-up is one instruction, where one in 256 bits is five;",
                "{@code selectFrom} keeps an index's low four bits. A loop of more row tiles the compiler may box.");
        w.begin("VectorQuarterSums", "TileSums", false);
        w.shorts();
        w.constant("int", "most", "1");
        w.constant("int", "tiles", "1");
        w.oneToken("oneTile", Units.QUARTERS, 4, "at");
        w.line("    @Override");
        w.line("    public void someTiles(");
        w.parameters(List.of(
                "MemorySegment codes",
                "long offset",
                "long rowTileStride",
                "int tiles",
                "byte[] tables",
                "int tableOffset",
                "short[] sums"));
        w.line("        oneTile(codes, offset, tiles, tables, tableOffset, sums, 0);");
        w.line("    }");
        return w.end();
    }

    private static String planeSums() {
        LoopWriter w = new LoopWriter();
        w.head(
                "The look-ups of {@link VectorWholeSums} in two planes at a time. Its 22 vectors that live through the loop ask",
                "for the 32 registers of machines with 512 bits.");
        w.begin("VectorWholePlaneSums", "PlaneSums", true);
        w.line("    @Override");
        w.line("    public void fourTilesTwoPlanes(");
        w.parameters(List.of(
                "MemorySegment codes",
                "long offset",
                "long rowTileStride",
                "long planeStride",
                "int tiles",
                "byte[] tables",
                "int tableOffset",
                "int planeTableStride",
                "short[] sums",
                "int at"));
        w.zeros(labels(8, ""));
        w.loop();
        w.tables("", "table");
        w.line("            int secondTable = table + planeTableStride;");
        w.tables("Second", "secondTable");
        for (int unit = 0; unit < 8; unit++) {
            String plane = unit < 4 ? "" : " + planeStride";
            w.code(unit, "code" + plane + times(unit % 4, "rowTileStride"), true);
            w.look(unit, "" + unit, unit < 4 ? "" : "Second", true);
        }
        w.line("        }");
        w.stores(labels(8, ""), "at");
        w.line("    }");
        return w.end();
    }

    private static String wholeTokenSums() {
        LoopWriter w = new LoopWriter();
        w.head(
                "The look-ups of {@link VectorWholeSums} for several tokens: codes are taken apart once for four of them.");
        w.begin("VectorWholeTokenSums", "TokenSums", true);
        w.constant("int", "tiles", "2");
        w.fourTokens(2, true);
        return w.end();
    }

    private static String quarterTokenSums() {
        LoopWriter w = new LoopWriter();
        w.head(
                "The look-ups of {@link VectorQuarterSums} for several tokens, a quarter of a row tile at a time: its eight",
                "sums leave registers for tables, of which each is used once.");
        w.begin("VectorQuarterTokenSums", "TokenSums", false);
        w.constant("int", "tiles", "1");
        w.fourTokens(1, false);
        return w.end();
    }

    private void fourTokens(int tiles, boolean masks) {
        line("    @Override");
        line("    public void fourTokens(");
        parameters(List.of(
                "MemorySegment codes",
                "long offset",
                "long rowTileStride",
                "int tiles",
                "byte[] tables",
                "int tableOffset",
                "int tokenStride",
                "short[] sums"));
        List<String> labels = new ArrayList<>();
        for (int tile = 0; tile < tiles; tile++) {
            for (char token = 'A'; token <= 'D'; token++) {
                labels.add("" + tile + token);
            }
        }
        zeros(labels);
        loop();
        for (int tile = 0; tile < tiles; tile++) {
            code(tile, "code" + times(tile, "rowTileStride"), masks);
        }
        for (int token = 0; token < 4; token++) {
            String letter = "" + (char) ('A' + token);
            String at = "table";
            if (token > 0) {
                line("            int table%s = table%s;", letter, times(token, "tokenStride"));
                at = "table" + letter;
            }
            tables(letter, at);
            for (int tile = 0; tile < tiles; tile++) {
                look(tile, tile + letter, letter, false);
            }
        }
        line("        }");
        stores(labels, "");
        line("    }");
    }

    private void oneToken(String name, Units units, int count, String at) {
        line("    @Override");
        line("    public void %s(", name);
        List<String> parameters = new ArrayList<>(List.of("MemorySegment codes", "long offset"));
        if (at.isEmpty()) {
            parameters.add("long rowTileStride");
        }
        parameters.addAll(List.of("int tiles", "byte[] tables", "int tableOffset", "short[] sums"));
        if (!at.isEmpty()) {
            parameters.add("int at");
        }
        parameters(parameters);
        zeros(labels(count, ""));
        loop();
        tables("", "table");
        for (int unit = 0; unit < count; unit++) {
            boolean whole = units == Units.ROW_TILES;
            int part = whole ? 0 : unit % 4 * 16;
            String tile = times(whole ? unit : unit / 4, "rowTileStride");
            code(unit, "code" + tile + (part == 0 ? "" : " + " + part), whole);
            look(unit, "" + unit, "", true);
        }
        line("        }");
        stores(labels(count, ""), at);
        line("    }");
        line("");
    }

    private void head(String... comment) {
        line("package io.shiftadd.kernel.loops;");
        line("");
        for (String name : List.of(
                "io.shiftadd.kernel.packed.PlaneLayout.TILE_ROWS",
                "io.shiftadd.kernel.packed.PlaneLayout.TILE_VECTORS",
                "io.shiftadd.kernel.packed.TableLayout.ENTRIES",
                "java.nio.ByteOrder.LITTLE_ENDIAN",
                "jdk.incubator.vector.VectorOperators.LSHR")) {
            line("import static %s;", name);
        }
        line("");
        for (String name : List.of(
                "io.shiftadd.kernel.species.VectorLength",
                "java.lang.foreign.MemorySegment",
                "java.lang.invoke.MethodHandles",
                "jdk.incubator.vector.ByteVector",
                "jdk.incubator.vector.ShortVector",
                "jdk.incubator.vector.VectorSpecies")) {
            line("import %s;", name);
        }
        line("");
        line("/**");
        for (String each : comment) {
            line(" * %s", each);
        }
        line(" *");
        line(" * <p>Written by {@code LoopWriter}, which a test holds it to.");
        line(" */");
    }

    private void begin(String name, String role, boolean masks) {
        line("final class %s implements %s {", name, role);
        line("");
        line(
                "    private static final VectorSpecies<Byte> B = VectorLength.species(MethodHandles.lookup(), byte.class);");
        line("    private static final VectorSpecies<Short> S = B.withLanes(short.class);");
        line("    private static final VectorSpecies<Byte> LANE = ByteVector.SPECIES_128;");
        line("    private static final int SHORTS = S.length();");
        if (masks) {
            line("    private static final ByteVector NIBBLE = ByteVector.broadcast(B, 0xF);");
        }
        line("");
    }

    private void shorts() {
        constant("int", "shorts", "SHORTS");
    }

    private void constant(String type, String name, String value) {
        line("    @Override");
        line("    public %s %s() {", type, name);
        line("        return %s;", value);
        line("    }");
        line("");
    }

    private void parameters(List<String> parameters) {
        String one = String.join(", ", parameters) + ") {";
        if (INDENT + one.length() <= LINE) {
            line("            %s", one);
            return;
        }
        for (int i = 0; i < parameters.size(); i++) {
            line("            %s%s", parameters.get(i), i + 1 < parameters.size() ? "," : ") {");
        }
    }

    private void zeros(List<String> labels) {
        for (String label : labels) {
            line("        ShortVector %s%s = ShortVector.zero(S);", SUMS, label);
            line("        ShortVector %s%s = ShortVector.zero(S);", SHIFTED, label);
        }
    }

    private void loop() {
        line("        for (int vector = 0; vector < tiles * TILE_VECTORS; vector++) {");
        line("            long code = offset + (long) vector * TILE_ROWS;");
        line("            int table = tableOffset + vector * 2 * ENTRIES;");
    }

    private void tables(String name, String at) {
        line("            ByteVector lowLane%s = ByteVector.fromArray(LANE, tables, %s);", name, at);
        line("            ByteVector highLane%s = ByteVector.fromArray(LANE, tables, %s + ENTRIES);", name, at);
        line("            ByteVector lowTable%s = (ByteVector) lowLane%s.reinterpretShape(B, 0);", name, name);
        line("            ByteVector highTable%s = (ByteVector) highLane%s.reinterpretShape(B, 0);", name, name);
    }

    /** Takes a vector of codes apart; in 128 bits what is above the nibbles does not count. */
    private void code(int unit, String at, boolean masks) {
        String load = "ByteVector.fromMemorySegment(B, codes, %s, LITTLE_ENDIAN);".formatted(at);
        boolean fits = INDENT + "ByteVector code0 = ".length() + load.length() <= LINE;
        line("            ByteVector code%d =%s%s", unit, fits ? " " : "\n                    ", load);
        line(
                "            ByteVector upper%d = code%d.reinterpretAsInts().lanewise(LSHR, 4).reinterpretAsBytes();",
                unit, unit);
        line("            ByteVector low%d = code%d%s;", unit, unit, masks ? ".and(NIBBLE)" : "");
        line("            ByteVector high%d = upper%d%s;", unit, unit, masks ? ".and(NIBBLE)" : "");
    }

    /** The sums are arguments of additions, never their receivers: see the lab notebook. */
    private void look(int unit, String label, String tables, boolean ofUnit) {
        line(
                "            ByteVector bytes%s = low%d.selectFrom(lowTable%s).add(high%d.selectFrom(highTable%s));",
                label, unit, tables, unit, tables);
        line("            ShortVector entries%s = bytes%s.reinterpretAsShorts();", label, label);
        line(
                "            ShortVector above%s = bytes%s.reinterpretAsInts().lanewise(LSHR, 8).reinterpretAsShorts();",
                label, label);
        line("            %s%s = entries%s.add(%s%s);", SUMS, label, label, SUMS, label);
        line("            %s%s = above%s.add(%s%s);", SHIFTED, label, label, SHIFTED, label);
    }

    private void stores(List<String> labels, String at) {
        for (int i = 0; i < labels.size(); i++) {
            line("        %s%s.intoArray(sums, %s);", SUMS, labels.get(i), place(at, 2 * i));
            line("        %s%s.intoArray(sums, %s);", SHIFTED, labels.get(i), place(at, 2 * i + 1));
        }
    }

    private static String place(String at, int vector) {
        String shorts = vector == 0 ? "" : vector == 1 ? "SHORTS" : vector + " * SHORTS";
        if (at.isEmpty()) {
            return shorts.isEmpty() ? "0" : shorts;
        }
        return shorts.isEmpty() ? at : at + " + " + shorts;
    }

    private static String times(int count, String stride) {
        return count == 0 ? "" : count == 1 ? " + " + stride : " + " + count + " * " + stride;
    }

    private static List<String> labels(int count, String suffix) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.add(i + suffix);
        }
        return labels;
    }

    private void line(String format, Object... values) {
        out.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }

    private String end() {
        String text = out.toString().stripTrailing();
        return text + "\n}\n";
    }
}
