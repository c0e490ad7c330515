package superweight.measure;

import java.util.Locale;

/** What a token counts as where probability is asked to have moved to stopwords (paper section 3.2). */
public enum TokenKind {
    /** A function word. */
    STOPWORD,
    /** Marks of punctuation only; the paper counts these as stopwords too. */
    PUNCTUATION,
    /** Names, content words, pieces of words, white space, special tokens. */
    OTHER;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
