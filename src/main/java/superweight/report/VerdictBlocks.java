package superweight.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import superweight.InvalidInputException;
import superweight.report.Results.Setting;

/**
 * The verdict tables inside a Markdown file, kept up to date between two comments.
 *
 * <p>The first comment says which results the block shows: {@code <!-- verdicts:begin
 * model=smollm2-135m text=wikitext2 -->}; the last is {@code <!-- verdicts:end -->}.
 */
public final class VerdictBlocks {
    private static final Pattern MARKER = Pattern.compile("<!-- verdicts:(begin|end)([^\\n]*?)-->");
    private static final Pattern SETTING = Pattern.compile(" model=(\\S+) text=(\\S+) ");

    private VerdictBlocks() {}

    /**
     * The document with every block as the results now have it.
     *
     * @param name the document's, for the sentence of a refusal
     * @throws InvalidInputException if there is no block, or its comments are not as described
     */
    public static String update(String name, String document, Claims claims, Results results) {
        StringBuilder updated = new StringBuilder();
        Matcher marker = MARKER.matcher(document);
        int at = 0;
        while (marker.find()) {
            Setting setting = setting(name, marker);
            String begin = marker.group();
            updated.append(document, at, marker.start());
            boolean another = marker.find();
            if (!another || !marker.group(1).equals("end")) {
                throw fault(name, "<!-- verdicts:end --> after " + begin,
                        another ? marker.group() : "the end of the file");
            }
            updated.append(begin).append('\n')
                    .append(VerdictTable.of(claims, results, setting).markdown())
                    .append(marker.group());
            at = marker.end();
        }
        if (at == 0) {
            throw fault(name, "a block between <!-- verdicts:begin model=... text=... --> and "
                    + "<!-- verdicts:end -->", "none");
        }
        return updated.append(document, at, document.length()).toString();
    }

    private static Setting setting(String name, Matcher marker) {
        Matcher setting = SETTING.matcher(marker.group(2));
        if (!marker.group(1).equals("begin") || !setting.matches()) {
            throw fault(name, "<!-- verdicts:begin model=... text=... -->", marker.group());
        }
        return new Setting(setting.group(1), setting.group(2));
    }

    private static InvalidInputException fault(String name, String expected, String found) {
        return new InvalidInputException("%s: expected %s, found %s.".formatted(name, expected, found));
    }
}
