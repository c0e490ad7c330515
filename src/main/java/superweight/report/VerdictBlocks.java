package superweight.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import superweight.InvalidInputException;
import superweight.report.Results.Setting;

/**
 * The verdict tables inside a Markdown file, kept up to date between two comments.
 *
 * <p>The first comment says what the block shows, the last is {@code <!-- verdicts:end -->}:
 *
 * <ul>
 * <li>{@code <!-- verdicts:begin model=smollm2-135m text=wikitext2 -->}: every claim beside these results;
 * <li>{@code <!-- verdicts:begin model=smollm2-135m text=wikitext2 claims=headlines -->}: the headlines only;
 * <li>{@code <!-- verdicts:begin model=* text=* -->}: every claim, a section for each model and text with results.
 * </ul>
 */
public final class VerdictBlocks {
    private static final Pattern MARKER = Pattern.compile("<!-- verdicts:(begin|end)([^\\n]*?)-->");
    private static final Pattern BLOCK = Pattern.compile(" model=(\\S+) text=(\\S+)( claims=headlines)? ");
    private static final String ANY = "*";

    private VerdictBlocks() {}

    /**
     * The document with every block as the results now have it.
     *
     * @param name the document's, for the sentence of a refusal
     * @throws InvalidInputException if there is no block, or its comments are not as described
     */
    public static String update(String name, String document, Verdicts verdicts) {
        StringBuilder updated = new StringBuilder();
        Matcher marker = MARKER.matcher(document);
        int at = 0;
        while (marker.find()) {
            String tables = tables(name, marker, verdicts);
            String begin = marker.group();
            updated.append(document, at, marker.start());
            boolean another = marker.find();
            if (!another || !marker.group(1).equals("end")) {
                throw fault(name, "<!-- verdicts:end --> after " + begin,
                        another ? marker.group() : "the end of the file");
            }
            updated.append(begin).append('\n').append(tables).append(marker.group());
            at = marker.end();
        }
        if (at == 0) {
            throw fault(name, "a block between <!-- verdicts:begin model=... text=... --> and "
                    + "<!-- verdicts:end -->", "none");
        }
        return updated.append(document, at, document.length()).toString();
    }

    private static String tables(String name, Matcher marker, Verdicts verdicts) {
        Matcher block = BLOCK.matcher(marker.group(2));
        if (!marker.group(1).equals("begin") || !block.matches()) {
            throw fault(name, "<!-- verdicts:begin model=... text=... -->", marker.group());
        }
        Setting setting = new Setting(block.group(1), block.group(2));
        if (setting.equals(new Setting(ANY, ANY))) {
            return verdicts.settings().stream()
                    .map(each -> "\n## %s on %s\n\n%s\n".formatted(
                            each.model(), each.text(), verdicts.table(each).markdown()))
                    .collect(Collectors.joining());
        }
        return (block.group(3) == null ? verdicts.table(setting) : verdicts.headlineTable(setting)).markdown();
    }

    private static InvalidInputException fault(String name, String expected, String found) {
        return new InvalidInputException("%s: expected %s, found %s.".formatted(name, expected, found));
    }
}
