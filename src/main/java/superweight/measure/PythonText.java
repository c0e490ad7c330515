package superweight.measure;

import java.util.Locale;

/** Python's string methods where Java's differ: the prompts of lm-evaluation-harness are defined by them. */
final class PythonText {
    private PythonText() {}

    /** {@code str.strip()}: white space goes at both ends, no-break spaces too. */
    static String strip(String text) {
        return stripLeading(stripTrailing(text));
    }

    /** {@code str.lstrip()}. */
    static String stripLeading(String text) {
        int from = 0;
        while (from < text.length() && isSpace(text.charAt(from))) {
            from++;
        }
        return text.substring(from);
    }

    /** {@code str.rstrip()}. */
    static String stripTrailing(String text) {
        int to = text.length();
        while (to > 0 && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(0, to);
    }

    /** {@code str.capitalize()}: the first letter becomes a capital one and all others small ones. */
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int second = text.offsetByCodePoints(0, 1);
        return Character.toString(Character.toTitleCase(text.codePointAt(0)))
                + text.substring(second).toLowerCase(Locale.ROOT);
    }

    /** All of Python's white space lies in the basic plane, so a char is enough. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
