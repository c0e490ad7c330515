package superweight.report;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the machine's folders out of text that is published.
 *
 * <p>Paths inside the checkout become relative to it; of any other path only the file name stays,
 * so that neither a user's name nor the layout of a machine is published.
 */
record PathRemoval(Path checkout, Path userHome) {
    // A path begins the text or follows a blank or a sign that separates values, and is absolute or
    // begins with a tilde. Quotation marks protect blanks in it.
    private static final Pattern PATH = Pattern.compile(
            "(?<=^|[\\s=:;,(\\[\"'])(?:~[^\\s/:;,=\"']*)?(?:/+[^\\s/:;,=\"')\\]]+)+/*");

    String from(String text) {
        String inside = replaceFolder(text, checkout.toAbsolutePath().normalize().toString(), ".");
        // The home folder may contain blanks, which no pattern could tell from the end of a path.
        String shortened = replaceFolder(inside, userHome.toString(), "~");
        Matcher matcher = PATH.matcher(shortened);
        return matcher.replaceAll(path -> Matcher.quoteReplacement(fileName(path.group())));
    }

    private static String replaceFolder(String text, String folder, String by) {
        return folder.length() < 2 ? text
                : text.replaceAll(Pattern.quote(folder) + "(?![\\w.-])", Matcher.quoteReplacement(by));
    }

    private static String fileName(String path) {
        String withoutEnd = path.replaceAll("/+$", "");
        return withoutEnd.substring(withoutEnd.lastIndexOf('/') + 1);
    }
}
