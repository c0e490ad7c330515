package superweight.measure;

import java.util.Locale;

/**
 * An entry of a model's vocabulary.
 *
 * @param id its place
 * @param text decoded by itself
 * @param kind what it counts as
 */
public record Token(int id, String text, TokenKind kind) {
    /** The token as a word: without one leading blank, in lower case. */
    public String word() {
        return word(text);
    }

    /**
     * Most tokenizers mark the beginning of a word by a blank, and a piece inside a word lacks it; Llama's drops the
     * blank of a token by itself. Here both read alike.
     */
    static String word(String text) {
        return (text.startsWith(" ") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
    }

    /** The token between quotes, with its blank and with line breaks written out; a cut character by the token's id. */
    public String quoted() {
        return text.contains("\uFFFD")
                ? "token " + id
                : "'" + text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + "'";
    }
}
