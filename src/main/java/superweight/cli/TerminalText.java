package superweight.cli;

import java.util.stream.Collectors;

/** A model's text on a terminal, which it must not clear, colour, turn around or break off. */
final class TerminalText {
    private TerminalText() {}

    /** On one line, with an escape for every character that is not printed: a letter, or the code point in braces. */
    static String escaped(String text) {
        return text.codePoints().mapToObj(TerminalText::escaped).collect(Collectors.joining());
    }

    /** On as many lines as it has: line ends, tabs and backslashes are themselves. */
    static String paragraphs(String text) {
        return text.codePoints()
                .mapToObj(each -> "\n\t\\".indexOf(each) < 0 ? escaped(each) : Character.toString(each))
                .collect(Collectors.joining());
    }

    private static String escaped(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\"; // or a backslash and an n would look like a line's end
            default -> isPrinted(character) ? Character.toString(character) : "\\u{%x}".formatted(character);
        };
    }

    private static boolean isPrinted(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
