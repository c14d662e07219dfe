package io.shiftadd.inference.grammar.pattern;

/**
 * Classes of characters. Languages differ in what {@code \s} and {@code .} take in; where they do, a class is what
 * all of them take in, so that what is generated matches everywhere.
 */
final class CharacterClasses {

    /** What stands for a class after a backslash. */
    private static final String NAMES = "dDwWsSpP";

    static final CharSet DIGITS = CharSet.of('0', '9');
    private static final CharSet WORD = CharSet.of('a', 'z', 'A', 'Z', '_', '_').or(DIGITS);
    private static final CharSet ASCII_SPACE = CharSet.of('\t', '\r', ' ', ' ');
    private static final CharSet ANY_SPACE = ASCII_SPACE.or(CharSet.of(
            0x1C, 0x1F, 0x85, 0x85, 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x202F, 0x205F,
            0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF));
    static final CharSet DOT =
            CharSet.of('\n', '\n', '\r', '\r', 0x85, 0x85, 0x2028, 0x2029).complement();

    private CharacterClasses() {}

    /** The class after its opening bracket. */
    static CharSet afterBracket(RegexInput in) {
        boolean negated = in.take("^");
        CharSet set = CharSet.NONE;
        while (!in.take("]")) {
            int at = in.position();
            int first = single(in, negated);
            if (first < 0) {
                set = set.or(named(in, in.before(), negated));
                continue;
            }
            int last = first;
            if (in.take("-")) {
                if (!in.atEnd() && in.peek() == ']') {
                    set = set.or(CharSet.of('-', '-'));
                } else {
                    last = single(in, negated);
                }
            }
            if (last < first) {
                throw in.wrong(at, "a range of characters is the wrong way round");
            }
            set = set.or(CharSet.of(first, last));
        }
        return negated ? set.complement() : set;
    }

    /** One character, or −1 when it is the name of a class. */
    private static int single(RegexInput in, boolean negated) {
        int next = in.next();
        if (next != '\\') {
            return next;
        }
        int name = in.next();
        if (name == 'b') {
            return '\b';
        }
        return NAMES.indexOf(name) < 0 ? character(in, name) : -1;
    }

    /** What stands after a backslash outside of brackets. */
    static CharSet escape(RegexInput in) {
        int at = in.position() - 1;
        int name = in.next();
        if (NAMES.indexOf(name) >= 0) {
            return named(in, name, false);
        }
        if (name == 'b' || name == 'B') {
            throw in.wrong(at, "the word boundary \\" + (char) name + " is not supported");
        }
        if (name >= '1' && name <= '9' || name == 'k') {
            throw in.wrong(at, "references back are not supported");
        }
        int single = character(in, name);
        return CharSet.of(single, single);
    }

    /**
     * @param name one of {@link #NAMES}, just read
     * @param negated whether what is left out of the class is asked for
     */
    private static CharSet named(RegexInput in, int name, boolean negated) {
        return switch (name) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> negated ? ANY_SPACE : ASCII_SPACE;
            case 'S' -> negated ? ASCII_SPACE.complement() : ANY_SPACE.complement();
            case 'P' -> property(in).complement();
            default -> property(in);
        };
    }

    /** A property of characters by name, in braces. */
    private static CharSet property(RegexInput in) {
        int at = in.position() - 2;
        StringBuilder name = new StringBuilder();
        boolean named = in.take("{");
        while (named && !in.take("}")) {
            name.appendCodePoint(in.next());
        }
        CharSet found = UnicodeProperties.of(name.toString());
        if (found == null) {
            throw in.wrong(
                    at,
                    "this Unicode property is not supported; categories as {L}, {Script=…} and the usual others are");
        }
        return found;
    }

    private static int character(RegexInput in, int name) {
        return switch (name) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> 0x0B;
            case '0' -> 0;
            case 'x' -> in.hex(2);
            case 'u' -> unicode(in);
            case 'c' -> in.next() & 0x1F;
            default -> {
                if (name < 0x80 && Character.isLetterOrDigit(name)) {
                    throw in.wrong(in.position() - 2, "this escape is not supported");
                }
                yield name;
            }
        };
    }

    private static int unicode(RegexInput in) {
        if (!in.take("{")) {
            int unit = in.hex(4);
            boolean pair = Character.isHighSurrogate((char) unit) && in.take("\\u");
            return pair ? Character.toCodePoint((char) unit, (char) in.hex(4)) : unit;
        }
        int value = 0;
        while (!in.take("}")) {
            value = 16 * value + in.hex(1);
            if (value > Character.MAX_CODE_POINT) {
                throw in.wrong("there is no such character");
            }
        }
        return value;
    }
}
