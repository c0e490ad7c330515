package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The embedded model's own file. */
class SmolLM2Test {
    private static Checkpoint checkpoint;

    @BeforeAll
    static void open() {
        checkpoint = Checkpoints.open(
                Path.of(System.getProperty("superweight.home"), "build/models/smollm2-135m.gguf"));
    }

    @Test
    void hasThePublishedConfig() {
        ModelConfig config = checkpoint.config();
        assertEquals(
                new ModelConfig(Family.LLAMA, 30, 576, 1536, 9, 3, 64, 100000.0, RopeScaling.NONE, (float) 1e-5,
                        49152, 8192, true),
                config);
    }

    @Test
    void hasEveryWeightOnceAndNoOutputProjectionOfItsOwn() {
        Map<String, Shape> tensors = checkpoint.tensors();
        assertEquals(2 + 30 * 9, tensors.size());
        assertEquals(Shape.of(576, 1536), tensors.get("model.layers.11.mlp.down_proj.weight"));
        assertEquals(Shape.of(192, 576), tensors.get("model.layers.0.self_attn.k_proj.weight"));
        assertEquals(Shape.of(49152, 576), tensors.get("model.embed_tokens.weight"));
        assertFalse(tensors.containsKey("lm_head.weight"));
        assertTrue(checkpoint.warnings().isEmpty());
    }

    @Test
    void decodesEveryWeightToFiniteNumbers() {
        checkpoint.tensors().forEach((name, shape) -> {
            FloatBuffer values = checkpoint.read(name).asFloatBuffer();
            assertEquals(shape.elements(), values.capacity());
            double sumOfSquares = 0;
            for (int i = 0; i < values.capacity(); i++) {
                sumOfSquares += (double) values.get(i) * values.get(i);
            }
            assertTrue(sumOfSquares > 0 && Double.isFinite(sumOfSquares), name);
        });
    }

    @Test
    void namesTheTokensThatBeginAndEndASequenceButAddsNone() {
        TokenizerSource tokenizer = checkpoint.tokenizer();
        assertEquals(OptionalInt.of(1), tokenizer.bosId());
        assertEquals(OptionalInt.of(2), tokenizer.eosId());
        assertFalse(tokenizer.addBos());
    }

    @Test
    void splitsTextIntoTheSameTokensAsTransformers() throws Exception {
        byte[] json = checkpoint.tokenizer().json().getBytes(StandardCharsets.UTF_8);
        JsonObject golden;
        try (var in = SmolLM2Test.class.getResourceAsStream("/golden/smollm2-135m.json");
                var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            golden = JsonParser.parseReader(reader).getAsJsonObject();
        }
        try (var tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), Map.of())) {
            for (JsonElement entry : golden.getAsJsonArray("tokenizer")) {
                String text = entry.getAsJsonObject().get("text").getAsString();
                long[] ids = StreamSupport.stream(
                                entry.getAsJsonObject().getAsJsonArray("ids").spliterator(), false)
                        .mapToLong(JsonElement::getAsLong)
                        .toArray();
                assertArrayEquals(ids, tokenizer.encode(text, false, false).getIds(), text);
                assertEquals(text, tokenizer.decode(ids));
            }
            assertArrayEquals(new long[] {1}, tokenizer.encode("<|im_start|>", false, false).getIds());
        }
    }
}
