package superweight.find;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Short prompts of many kinds (prose, code, numbers, other languages) to search on. */
public final class DetectionPrompts {
    /** The paper's own prompt (its code, Figure 3). */
    public static final String PAPER = "Apple Inc. is a worldwide tech company.";

    private DetectionPrompts() {}

    /** The forty prompts that {@link DetectionRule#DEFAULT} was chosen on; the paper's is the first. */
    public static List<String> chosenOn() {
        return read("chosen-on.txt");
    }

    /** Twenty-four others, looked at only after the rule stood. */
    public static List<String> checkedOn() {
        return read("checked-on.txt");
    }

    /** One prompt a line; a line break in a prompt is written as a backslash and an n. */
    private static List<String> read(String file) {
        try (InputStream in = DetectionPrompts.class.getResourceAsStream("/superweight/prompts/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::translateEscapes)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
