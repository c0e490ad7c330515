package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The whole vocabulary of the embedded model, among it every byte as a token of its own. */
class NextCommandTest {
    private static final String[] ALL = {"next", "--prompt", "a", "--top", "49152"};

    @Test
    void noTokenDisturbsTheTerminal() {
        String out = succeed(ALL).out();
        assertFalse(out.chars().anyMatch(letter -> letter != '\n' && Character.isISOControl(letter)));
        List<String> lines = out.lines().toList();
        assertEquals(49152, lines.size());
        lines.forEach(line -> assertTrue(line.matches(" *\\d\\.\\d{4} +\\d+  '.*'"), line));
        for (String shown : List.of("'\\n'", "'\\t'", "'\\u{1b}'", "'\\u{0}'", "'\\\\'", "' the'")) {
            assertEquals(1, lines.stream().filter(line -> line.endsWith("  " + shown)).count(), shown);
        }
    }

    @Test
    void inJsonATokenIsItsText() {
        String[] json = {ALL[0], ALL[1], ALL[2], ALL[3], ALL[4], "--json"};
        List<JsonElement> top = succeed(json).json().getAsJsonArray("top").asList();
        List<String> texts = top.stream().map(token -> token.getAsJsonObject().get("token").getAsString()).toList();
        for (String text : List.of("\n", "\t", "\033", "\0", "\\", " the")) {
            assertEquals(1, Collections.frequency(texts, text), text);
        }
    }

    private static Console succeed(String... arguments) {
        Console console = Console.run(arguments);
        assertEquals(0, console.exitCode(), console::err);
        assertEquals("", console.err());
        return console;
    }
}
