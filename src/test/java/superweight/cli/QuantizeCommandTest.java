package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static superweight.cli.Refused.assertRefused;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.LinearLayer;
import superweight.model.Tokenizer.Bos;

/** A folder that behaves as the quantized model in memory does. */
class QuantizeCommandTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("superweight.home"), "src/test/resources/golden/llama");

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeModelAndText() throws IOException {
        RandomLlama.small().writeTo(folder.resolve("tiny.gguf"));
        Files.writeString(folder.resolve("text.txt"), "the man and the land ".repeat(4));
        Files.createDirectory(folder.resolve("full"));
        Files.writeString(folder.resolve("full/file"), "");
    }

    /** As measured by the command {@code blocks}, which never writes a weight. */
    @Test
    void theFoldersPerplexityIsThatOfTheQuantizedModelInMemory() {
        String how = "--bits 3 --clip sigma=1.5 --model TINY";
        succeed("quantize " + how + " --block 50 --hold-out 1:2:3,0:4:5 --output FOLDER/same");
        double written = succeed("perplexity --model FOLDER/same --text TEXT --window 16 --json")
                .json().get("perplexity").getAsDouble();
        double inMemory = succeed("blocks " + how + " --blocks 50 --restore 1:2:3 --restore 0:4:5 --text TEXT"
                        + " --window 16 --json")
                .json().getAsJsonArray("points").get(0).getAsJsonObject().get("perplexity").getAsDouble();
        double original = succeed("perplexity --model TINY --text TEXT --window 16 --json")
                .json().get("perplexity").getAsDouble();
        assertEquals(inMemory, written, 1e-6 * inMemory);
        assertTrue(Math.abs(original - written) > 1e-3 * original, "and not that of the original");
    }

    /** Embedding, head, norms and biases bit for bit, config and tokenizer too; nothing else is in the folder. */
    @ParameterizedTest
    @ValueSource(strings = {"gqa-untied-f32", "llama3-f16", "tied-bf16-sharded", "mistral-bf16", "linear-f16",
        "qwen2-f32", "qwen3-bf16"})
    void whatIsNotALinearLayersWeightIsTheSameAsInTheFolderItComesFrom(String name) throws IOException {
        Path written = folder.resolve(name);
        succeed("quantize --bits 4 --block 16 --hold-out none --model " + GOLDEN.resolve(name) + " --output " + written);
        Checkpoint before = Checkpoints.open(GOLDEN.resolve(name).toString());
        Checkpoint after = Checkpoints.open(written.toString());
        assertEquals(before.config(), after.config());
        assertEquals(before.tensors(), after.tensors());
        int changed = 0;
        for (String tensor : before.tensors().keySet()) {
            assertEquals(before.type(tensor), after.type(tensor), tensor);
            float[] original = values(before, tensor);
            float[] now = values(after, tensor);
            if (tensor.endsWith("_proj.weight")) {
                changed += Arrays.equals(original, now) ? 0 : 1;
            } else {
                assertArrayEquals(original, now, tensor);
            }
        }
        assertEquals(LinearLayer.values().length * before.config().numHiddenLayers(), changed);
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            assertEquals(-1, Files.mismatch(GOLDEN.resolve(name).resolve(file), written.resolve(file)), file);
        }
    }

    /** The file names no family but in its own keys; who reads the folder must take it for the same model. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2-f32", "qwen3-bf16"})
    void aGgufFileOfTheQwenFamilyBecomesTheFolderThatItWasMadeOf(String name) {
        Path written = folder.resolve(name + "-gguf");
        succeed("quantize --bits 8 --block 1 --hold-out none --model " + GOLDEN.resolve(name + "/model.gguf")
                + " --output " + written);
        Checkpoint before = Checkpoints.open(GOLDEN.resolve(name));
        Checkpoint after = Checkpoints.open(written);
        assertEquals(before.config().family(), after.config().family());
        assertEquals(before.tensors(), after.tensors());
        for (String tensor : before.tensors().keySet()) {
            assertArrayEquals(values(before, tensor), values(after, tensor), 1e-5f, tensor);
        }
        String text = "IT'S 2048 超级权重.";
        try (CausalLM original = CausalLM.load(before); CausalLM made = CausalLM.load(after)) {
            assertArrayEquals(original.tokenizer().encode(text, Bos.AUTO), made.tokenizer().encode(text, Bos.AUTO));
        }
    }

    private static float[] values(Checkpoint checkpoint, String tensor) {
        float[] values = new float[Math.toIntExact(checkpoint.tensors().get(tensor).elements())];
        checkpoint.read(tensor, 0, FloatBuffer.wrap(values));
        return values;
    }

    @Test
    void aHeldOutWeightKeepsItsValueAndTheReportSaysWhatItWouldHaveBeen() {
        JsonObject report = succeed("quantize --bits 2 --block tensor --clip tensor=0.2 --model TINY"
                + " --hold-out 1:2:3 --output FOLDER/held --json").json();
        JsonObject held = report.getAsJsonArray("heldOut").get(0).getAsJsonObject();
        float original = weight("tiny.gguf");
        assertEquals(original, held.get("original").getAsFloat());
        assertEquals(original, weight("held"));
        assertTrue(held.get("quantized").getAsFloat() != original);
        assertEquals(report, JsonParser.parseString(read("held/quantization-report.json")));
        assertTrue(report.getAsJsonObject("total").get("clippedShare").getAsDouble() > 0.1);
    }

    /** down_proj of layer 1 at [2, 3]. */
    private static float weight(String model) {
        try (CausalLM loaded = CausalLM.load(Checkpoints.open(folder.resolve(model).toString()))) {
            return loaded.weightRow(1, LinearLayer.DOWN_PROJ, 2)[3];
        }
    }

    /** A level that bfloat16 does not have is moved once more, and the report tells how far. */
    @Test
    void whatStorageAddsToTheErrorIsReported() {
        JsonObject wide = succeed("quantize --bits 4 --block 16 --hold-out none --model TINY --output FOLDER/wide --json")
                .json().getAsJsonObject("total");
        JsonObject narrow = succeed("quantize --bits 4 --block 16 --hold-out none --dtype bfloat16 --model TINY"
                + " --output FOLDER/narrow --json").json().getAsJsonObject("total");
        assertEquals(0, wide.get("relativeRmsStorageError").getAsDouble());
        double added = narrow.get("relativeRmsStorageError").getAsDouble();
        assertTrue(added > 1e-4 && added < 0x1p-8, added + " of numbers with 8 significant bits");
    }

    @Test
    void theModelCardNamesModelCommandAndWeightsHeldOut() {
        succeed("quantize --bits 4 --block 16 --hold-out 1:2:3 --model TINY --output FOLDER/card");
        String card = read("card/README.md");
        assertTrue(card.contains("layer 1 `mlp.down_proj.weight[2, 3]` = "), card);
        assertTrue(card.contains("superweight quantize --bits 4 --block 16 --hold-out 1:2:3"), card);
    }

    @Test
    void aClipThatTouchesNothingIsSaid() {
        Console console = succeed("quantize --bits 4 --block 16 --clip block=1e-5 --hold-out none --model TINY"
                + " --output FOLDER/unclipped");
        assertTrue(console.err().contains("--clip block=1e-5 clipped no weight."), console.err());
    }

    static Stream<Refused> refused() {
        String quantize = "quantize --model TINY --bits 4 --block 16 ";
        return Stream.of(
                new Refused(quantize + "--output FOLDER/full", "must be a new or an empty folder, but it has files."),
                new Refused(quantize + "--output TEXT", "must be a new or an empty folder, but it is none."),
                new Refused(quantize + "--output ''", "A folder must have a name, but it is empty."),
                new Refused(quantize + "--output /", "/ must be a new or an empty folder, but it is the root of all."),
                new Refused(quantize + "--output FOLDER/none/there", "There is no folder "),
                new Refused(quantize + "--hold-out 1:2:3,1:2:3 --output FOLDER/new",
                        "--hold-out must name each weight once, but it names layer 1 [2, 3] twice."),
                new Refused(quantize + "--hold-out 7:2:3 --output FOLDER/new", "There is no layer 7"),
                new Refused(quantize + "--clip z --output FOLDER/new", "--clip 'z' is not of one of the forms"),
                new Refused("quantize --model TINY --bits 9 --block 16 --output FOLDER/new",
                        "Numbers are quantized to 2 to 8 bits, not to 9."),
                new Refused("quantize --model TINY --bits 4 --block 0 --output FOLDER/new",
                        "The block size '0' in --block"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Refused refused) throws IOException {
        assertRefused(refused.says(), 2, Console.run(Refused.words(refused.line(), folder)));
        assertFalse(Files.exists(folder.resolve("new")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> file.getFileName().toString().endsWith(".tmp")).toList());
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Console succeed(String line) {
        Console console = Console.run(Refused.words(line, folder));
        assertEquals(0, console.exitCode(), console.err());
        return console;
    }
}
