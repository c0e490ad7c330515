package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static superweight.cli.Refused.assertRefused;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.Progress;
import superweight.TestModel;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Condition;
import superweight.measure.EvaluationText;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Tokenizer.Bos;
import superweight.quantize.Blocks;
import superweight.quantize.Clip;
import superweight.quantize.OutlierTreatment;
import superweight.quantize.Quantizer;
import superweight.quantize.WeightQuantization;

/** One perplexity per block size, that of the library's own quantizers. */
class BlocksCommandTest {
    private static final String TEXT = "the man and the land ".repeat(4);

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeModelAndText() throws IOException {
        RandomLlama.small().writeTo(folder.resolve("tiny.gguf"));
        Files.writeString(folder.resolve("text.txt"), TEXT);
    }

    @Test
    void pointsAreInTheUsersOrderWithTheBlockAsANumberOrTensor() {
        JsonArray points = blocks("--bits 3 --blocks tensor,50,7 --clip sigma=2");
        assertPoint(points, 0, "\"tensor\"", 3, "sigma=2", clipped(3, new Blocks.Whole()));
        assertPoint(points, 1, "50", 3, "sigma=2", clipped(3, new Blocks.Runs(50)));
        assertPoint(points, 2, "7", 3, "sigma=2", clipped(3, new Blocks.Runs(7)));
        assertEquals(3, points.asList().stream()
                .map(point -> point.getAsJsonObject().get("perplexity").getAsDouble())
                .distinct()
                .count());
    }

    private static double clipped(int bits, Blocks blocks) {
        Quantizer quantizer = Quantizer.roundToNearest(bits, blocks).clipping(new Clip.Deviations(2));
        return measured(new WeightQuantization(quantizer, OutlierTreatment.CLIP), List.of());
    }

    /** No matrix of 24 x 24 or 24 x 40 weights is a whole number of runs of 50. */
    @Test
    void withRaggedWholeAMatrixThatIsNotAWholeNumberOfBlocksIsOne() {
        double tensor = perplexity(blocks("--bits 3 --blocks tensor"), 0);
        assertEquals(tensor, perplexity(blocks("--bits 3 --blocks 50 --ragged whole"), 0));
        assertTrue(tensor != perplexity(blocks("--bits 3 --blocks 50"), 0));
    }

    @Test
    void aRestoredWeightIsAsItWas() {
        Coordinate place = new Coordinate(1, 2, 3);
        Quantizer quantizer = Quantizer.roundToNearest(2, new Blocks.Runs(64)).clipping(new Clip.Deviations(1));
        double restored = perplexity(blocks("--bits 2 --blocks 64 --clip sigma=1 --restore 1:2:3"), 0);
        assertEquals(
                measured(new WeightQuantization(quantizer, OutlierTreatment.CLIP_AND_RESTORE), List.of(place)),
                restored);
        assertTrue(restored != perplexity(blocks("--bits 2 --blocks 64 --clip sigma=1"), 0));
    }

    @Test
    void theTableHasTheOriginalModelAndTheBitsOfAWeight() {
        Console console = succeed("blocks --model TINY --text TEXT --window 16 --bits 4 --blocks 64");
        List<String> lines = console.out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
        assertEquals("block bits per weight perplexity x original", lines.get(0));
        assertTrue(lines.get(1).startsWith("original "), lines.get(1));
        assertTrue(lines.get(1).endsWith(" 1.0000"), lines.get(1));
        assertTrue(lines.get(2).startsWith("64 4.5"), lines.get(2));
        assertEquals("over 60 tokens in 4 windows of 16", lines.get(3));
    }

    /** The embedded model's weights were rounded in blocks of 32, so that rounding them so again changes nothing. */
    @Test
    void theEmbeddedModelIsItselfInBlocksOf32AndWorseInLargerOnes() {
        JsonObject json = succeed("blocks --bits 4 --blocks 32,64,4096 --dataset bundled --window 128 --windows 2"
                + " --bos yes --json").json();
        JsonArray points = json.getAsJsonArray("points");
        CausalLM model = TestModel.smollm2();
        int[] ids = model.tokenizer().encode(EvaluationText.bundled().text(), Bos.YES);
        double original = Perplexity.measure(
                        model, Perplexity.windows(ids, 128).subList(0, 2), Condition.ORIGINAL, Progress.NONE)
                .value();
        assertEquals(original, json.get("original").getAsDouble(), 1e-9 * original);
        assertEquals(original, perplexity(points, 0), 0.002 * original);
        assertTrue(perplexity(points, 1) > 1.1 * original);
        assertTrue(perplexity(points, 2) > 1.5 * perplexity(points, 1));
    }

    static Stream<Refused> refused() {
        String blocks = "blocks --model TINY --text TEXT --window 16 ";
        return Stream.of(
                new Refused(blocks + "--bits 1 --blocks 64", "Numbers are quantized to 2 to 8 bits, not to 1."),
                new Refused(blocks + "--bits 4 --blocks 64,x",
                        "The block size 'x' in --blocks '64,x' is neither a whole number of weights from 1 to 2147483647"
                                + " nor 'tensor'."),
                new Refused(blocks + "--bits 4 --blocks 64,64",
                        "--blocks must name each block size once, but '64,64' names 64 twice."),
                new Refused(blocks + "--bits 4 --blocks 64 --restore 1:2:3 --restore 1:2:3",
                        "--restore must name each weight once, but it names layer 1 [2, 3] twice."),
                new Refused(blocks + "--bits 4 --blocks 64 --restore 9:2:3",
                        "There is no layer 9 for model.layers.9.mlp.down_proj.weight: this model's run from 0 to 2."));
    }

    @ParameterizedTest
    @MethodSource
    void refused(Refused refused) {
        assertRefused(refused.says(), 2, Console.run(Refused.words(refused.line(), folder)));
    }

    private static JsonArray blocks(String options) {
        return succeed("blocks --model TINY --text TEXT --window 16 " + options + " --json")
                .json()
                .getAsJsonArray("points");
    }

    private static void assertPoint(
            JsonArray points, int index, String block, int bits, String clip, double perplexity) {
        JsonObject point = points.get(index).getAsJsonObject();
        assertEquals(block, point.get("block").toString());
        assertEquals(bits, point.get("bits").getAsInt());
        assertEquals(clip, point.get("clip").getAsString());
        assertEquals(perplexity, point.get("perplexity").getAsDouble());
    }

    private static double perplexity(JsonArray points, int index) {
        return points.get(index).getAsJsonObject().get("perplexity").getAsDouble();
    }

    private static double measured(WeightQuantization quantization, List<Coordinate> superWeights) {
        try (CausalLM model = RandomLlama.small().load()) {
            Condition condition = quantization.condition("quantized", model.config(), superWeights);
            int[] ids = model.tokenizer().encode(TEXT, Bos.NO);
            return Perplexity.measure(model, Perplexity.windows(ids, 16), condition, Progress.NONE).value();
        }
    }

    private static Console succeed(String line) {
        Console console = Console.run(Refused.words(line, folder));
        assertEquals(0, console.exitCode(), console.err());
        return console;
    }
}
