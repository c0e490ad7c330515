package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {
        "models/tiny.gguf, models/tiny.gguf", "sigma=4, sigma=4", "my model, 'my model'", "it's, \"'it'\\''s'\"",
        "$HOME, '$HOME'", "\"\", ''"
    })
    void quotesWhatAShellWouldReadOtherwise(String word, String typed) {
        assertEquals(typed, ShellWord.quoted(word));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "my model", "it's", "a\"b", "$HOME", "`id`", "back\\slash", "*", "\n", "~", ""})
    void aShellReadsTheSameWordBack(String word) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.quoted(word)).start();
        assertEquals(word, new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
}
