package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.checkpoint.RandomLlama;
import superweight.find.Planted;
import superweight.model.Coordinate;

/** Weights that stay on disk give what weights in memory give. */
class StreamOptionTest {
    @TempDir
    private static Path folder;

    private static String planted;
    private static String text;

    @BeforeAll
    static void writeModelAndText() throws IOException {
        planted = Planted.plant(RandomLlama.small(), new Coordinate(1, 4, 6), 1000)
                .writeTo(folder.resolve("planted.gguf"))
                .toString();
        text = Files.writeString(folder.resolve("text.txt"), "the man and the land and then the end").toString();
    }

    @Test
    void findFindsTheSame() {
        JsonObject weight = superWeight("find", "--prompt", Planted.PROMPT);
        JsonObject streamed = superWeight("find", "--prompt", Planted.PROMPT, "--stream");
        for (String field : new String[] {"layer", "row", "column", "weight"}) {
            assertEquals(weight.get(field), streamed.get(field));
        }
    }

    @Test
    void perplexityAndSweepAndNextMeasureTheSame() {
        double perplexity = json("perplexity", "--text", text, "--window", "8")
                .get("perplexity").getAsDouble();
        double streamed = json("perplexity", "--text", text, "--window", "8", "--stream")
                .get("perplexity").getAsDouble();
        assertEquals(perplexity, streamed, 1e-5 * perplexity);
        double original = json(
                        "sweep", "--at", "1:4:6", "--factors", "0,1", "--text", text, "--window", "8", "--stream")
                .getAsJsonArray("points").get(1).getAsJsonObject()
                .get("perplexity").getAsDouble();
        assertEquals(perplexity, original, 1e-5 * perplexity);
        String next = Console.run("next", "--model", planted, "--prompt", "the man", "--top", "3").out();
        assertEquals(
                next,
                Console.run("next", "--model", planted, "--prompt", "the man", "--top", "3", "--stream").out());
    }

    private static JsonObject superWeight(String... words) {
        return json(words).getAsJsonArray("superWeights").get(0).getAsJsonObject();
    }

    private static JsonObject json(String... words) {
        String[] line = Arrays.copyOf(words, words.length + 3);
        line[words.length] = "--model";
        line[words.length + 1] = planted;
        line[words.length + 2] = "--json";
        Console console = Console.run(line);
        assertEquals(0, console.exitCode(), console::err);
        assertTrue(!console.err().contains("stay on disk"), console::err);
        return console.json();
    }
}
