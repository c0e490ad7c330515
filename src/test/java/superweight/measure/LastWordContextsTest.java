package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastWordContextsTest {
    @TempDir
    private Path folder;

    @Test
    void aHundredDifferentPassagesOf40To80WordsShipWithTheProject() {
        List<String> passages = LastWordContexts.bundledPassages();
        assertEquals(100, passages.size());
        assertEquals(100, new HashSet<>(passages).size());
        for (String passage : passages) {
            String[] words = passage.split(" ");
            assertTrue(words.length >= 40 && words.length <= 80, passage);
            assertTrue(words[words.length - 1].matches("[A-Za-z]+"), passage);
            assertEquals(String.join(" ", words), passage.strip().replaceAll("\\s+", " "));
        }
    }

    @Test
    void aContextIsThePassageUpToItsLastBlank() {
        LastWordContexts bundled = LastWordContexts.bundled();
        assertEquals("bundled", bundled.name());
        for (int i = 0; i < 100; i++) {
            String passage = LastWordContexts.bundledPassages().get(i);
            String context = bundled.texts().get(i);
            assertTrue(passage.matches(Pattern.quote(context) + " [A-Za-z]+"), passage);
        }
    }

    @Test
    void lambadaIsReadWhereItIs() throws IOException {
        assertEquals("bundled", LastWordContexts.fromDataFolder(Optional.empty()).name());
        assertEquals("bundled", LastWordContexts.fromDataFolder(Optional.of(folder)).name());
        Files.writeString(folder.resolve("lambada_openai.jsonl"), """
                {"context": "He said to", "continuation": "Helen"}
                {"context": "It was\\n\\nher", "continuation": "hat"}
                """);
        LastWordContexts lambada = LastWordContexts.fromDataFolder(Optional.of(folder));
        assertEquals(new LastWordContexts("lambada_openai", List.of("He said to", "It was\n\nher")), lambada);
        assertEquals(List.of("He said to"), lambada.first(1).texts());
        assertEquals(lambada, lambada.first(7));
    }

    @Test
    void theSumIsOfTheTextsAlone() {
        LastWordContexts one = new LastWordContexts("one", List.of("a", "b"));
        assertEquals("911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2", one.sha256());
        assertEquals(one.sha256(), new LastWordContexts("other", List.of("a", "b")).sha256());
        assertNotEquals(one.sha256(), one.first(1).sha256());
    }
}
