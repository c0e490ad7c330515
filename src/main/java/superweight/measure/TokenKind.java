package superweight.measure;

import java.util.Locale;

/** What a token counts as where probability is asked to have moved to stopwords (paper section 3.2). */
public enum TokenKind {
    /** A function word. */
    STOPWORD,
    /** Marks of punctuation only. */
    PUNCTUATION,
    /** Names, content words, pieces of words, white space, special tokens. */
    OTHER;

    /** Whether the paper calls it a stopword: its Figure 5 counts a period and a comma among them. */
    public boolean isStopwordOfThePaper() {
        return this != OTHER;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
