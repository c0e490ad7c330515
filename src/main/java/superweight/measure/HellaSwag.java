package superweight.measure;

import java.util.regex.Pattern;

/** How lm-evaluation-harness makes a prompt of HellaSwag's fields. */
final class HellaSwag {
    /** Marks that WikiHow's articles left in the data; like Python's, this dot stops at a newline only. */
    private static final Pattern BRACKETED = Pattern.compile("\\[.*?\\]", Pattern.UNIX_LINES);

    private HellaSwag() {}

    /**
     * What is to be continued.
     *
     * @param ctxA whole sentences
     * @param ctxB how the next sentence begins; may be empty
     */
    static String context(String activityLabel, String ctxA, String ctxB) {
        return cleaned(activityLabel + ": " + ctxA + " " + PythonText.capitalize(ctxB));
    }

    /** A text without the marks, and with one space for two. */
    static String cleaned(String text) {
        String titles = PythonText.strip(text).replace(" [title]", ". ");
        return BRACKETED.matcher(titles).replaceAll("").replace("  ", " ");
    }
}
