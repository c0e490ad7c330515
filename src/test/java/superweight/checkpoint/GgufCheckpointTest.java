package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;

class GgufCheckpointTest {
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final String PRE = "tokenizer.ggml.pre";
    private static final String BOS = "tokenizer.ggml.bos_token_id";
    private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
    private static final String BASE = "llama.rope.freq_base";
    private static final String HEADS = "llama.attention.head_count";
    private static final String KV_HEADS = "llama.attention.head_count_kv";
    private static final String LAYERS = "llama.block_count";
    private static final String ROTARY = "llama.rope.dimension_count";
    private static final String NORM = "output_norm.weight";

    @TempDir
    private Path folder;

    @Test
    void readsTheConfigAndEveryWeightUnderHuggingFacesNames() {
        Checkpoint checkpoint = open(TinyLlama.gguf());
        assertEquals(
                new ModelConfig(Family.LLAMA, 1, 32, 64, 2, 1, 16, 1e4, RopeScaling.NONE, (float) 1e-5, 6, 128, true),
                checkpoint.config());
        assertEquals(11, checkpoint.tensors().size());
        checkpoint.tensors().forEach(
                (name, shape) -> assertEquals(shape.elements(), checkpoint.read(name).asFloatBuffer().capacity(), name));
        assertThrows(InvalidInputException.class, () -> checkpoint.read("lm_head.weight"));
    }

    @Test
    void readsAnOutputProjectionOfItsOwn() {
        float[] values = new float[6 * TinyLlama.HIDDEN];
        values[TinyLlama.HIDDEN] = 1;
        Checkpoint checkpoint = open(TinyLlama.gguf().floats("output.weight", values, TinyLlama.HIDDEN, 6));
        assertFalse(checkpoint.config().tieWordEmbeddings());
        assertEquals(Shape.of(6, TinyLlama.HIDDEN), checkpoint.tensors().get("lm_head.weight"));
        assertEquals(1f, checkpoint.read("lm_head.weight").asFloatBuffer().get(TinyLlama.HIDDEN));
    }

    /** With every number of a row equal to the row's number, what is read shows where each row went. */
    @Test
    void putsTheRowsOfQueryAndKeyBackIntoHuggingFacesOrder() {
        GgufBytes gguf = TinyLlama.gguf().withoutTensor("blk.0.attn_q.weight").withoutTensor("blk.0.attn_k.weight");
        rowNumbers(gguf, "blk.0.attn_q.weight", 32);
        rowNumbers(gguf, "blk.0.attn_k.weight", 16);
        Checkpoint checkpoint = open(gguf);
        float[] head = {0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15};
        float[] heads = Arrays.copyOf(head, 32);
        for (int i = 0; i < 16; i++) {
            heads[16 + i] = 16 + head[i];
        }
        assertArrayEquals(heads, everyRow(checkpoint, "model.layers.0.self_attn.q_proj.weight"));
        assertArrayEquals(head, everyRow(checkpoint, "model.layers.0.self_attn.k_proj.weight"));
    }

    @ParameterizedTest
    @EnumSource(names = {"QWEN2", "QWEN3"})
    void leavesTheRowsOfQueryAndKeyOfTheQwenFamilyWhereTheyAre(Family family) {
        Checkpoint checkpoint = open(RandomLlama.of(
                RandomLlama.in(family, RandomLlama.config(1, TinyLlama.HIDDEN, 64, 2, 8, true)), 1).gguf()
                .withoutTensor("blk.0.attn_q.weight")
                .floats("blk.0.attn_q.weight", rowNumbers(32), TinyLlama.HIDDEN, 32));
        float[] rows = everyRow(checkpoint, "model.layers.0.self_attn.q_proj.weight");
        for (int row = 0; row < rows.length; row++) {
            assertEquals(row, rows[row]);
        }
    }

    @Test
    void refusesAQwenModelWithoutItsHeadNormsOrWithAnOddHead() {
        ModelConfig config = RandomLlama.in(Family.QWEN3, RandomLlama.config(1, 32, 64, 2, 8, true));
        GgufBytes lacking = RandomLlama.of(config, 1).gguf().withoutTensor("blk.0.attn_k_norm.weight");
        assertTrue(refusal(lacking).contains("lacks blk.0.attn_k_norm.weight"), refusal(lacking));
        GgufBytes odd = RandomLlama.of(config, 1).gguf().without("qwen3.attention.key_length")
                .uint32("qwen3.attention.key_length", 7);
        assertTrue(refusal(odd).contains("the width of one head should be even"), refusal(odd));
        GgufBytes stretched = RandomLlama.of(config, 1).gguf().float32("qwen3.rope.scaling.factor", 4);
        assertTrue(refusal(stretched).contains("qwen3.rope.scaling.factor should be absent"), refusal(stretched));
    }

    private String refusal(GgufBytes gguf) {
        return assertThrows(InvalidInputException.class, () -> open(gguf)).getMessage();
    }

    @Test
    void takesTheFormatsDefinitionsWhereKeysMayBeAbsent() {
        GgufBytes gguf = TinyLlama.gguf().without(KV_HEADS).without(ROTARY).without("llama.vocab_size")
                .withoutTensor("blk.0.attn_k.weight").withoutTensor("blk.0.attn_v.weight");
        rowNumbers(gguf, "blk.0.attn_k.weight", 32);
        rowNumbers(gguf, "blk.0.attn_v.weight", 32);
        assertEquals(2, open(gguf).config().numKeyValueHeads());
    }

    @Test
    void readsAHeadWidthThatIsNotAShareOfTheHiddenSize() {
        GgufBytes gguf = TinyLlama.gguf().without(ROTARY).uint32("llama.attention.key_length", 8);
        for (String name : List.of("q", "k", "v", "output")) {
            gguf.withoutTensor("blk.0.attn_" + name + ".weight");
        }
        rowNumbers(gguf, "blk.0.attn_q.weight", 16);
        rowNumbers(gguf, "blk.0.attn_k.weight", 8);
        rowNumbers(gguf, "blk.0.attn_v.weight", 8);
        gguf.floats("blk.0.attn_output.weight", new float[16 * 32], 16, 32);
        assertEquals(8, open(gguf).config().headDim());
    }

    @Test
    void acceptsKeysThatSayThatAFeatureIsNotUsed() {
        assertEquals(1, open(TinyLlama.gguf().string("llama.rope.scaling.type", "none")
                .uint32("llama.expert_count", 0)).config().numHiddenLayers());
    }

    @Test
    void buildsATokenizerFromTheMetadataAndNeverLooksAtTheChatTemplate() throws IOException {
        TokenizerSource source = open(TinyLlama.gguf()).tokenizer();
        assertEquals(OptionalInt.of(0), source.bosId());
        assertEquals(OptionalInt.of(1), source.eosId());
        assertTrue(source.addBos());
        assertFalse(source.json().contains("cycler"));
        assertArrayEquals(new long[] {0, 5, 2, 4, 1}, ids(source, "<s>ab<tool>b</s>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "default", "smollm", "llama-bpe", "qwen2"})
    void buildsATokenizerForEveryKnownWayToSplit(String pre) throws IOException {
        TokenizerSource source = open(TinyLlama.gguf().without(PRE).string(PRE, pre).without(ADD_BOS)).tokenizer();
        assertArrayEquals(new long[] {5, 4}, ids(source, "abb"));
        assertEquals(pre.equals("llama-bpe"), source.addBos());
    }

    @Test
    void splitsForLlama3ByItsPublishedExpression() {
        JsonObject split = PreTokenizer.LLAMA_3.preTokenizer().getAsJsonObject()
                .getAsJsonArray("pretokenizers").get(0).getAsJsonObject();
        assertEquals("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                split.getAsJsonObject("pattern").get("Regex").getAsString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsupported")
    void refusesWhatItCannotRunInOneSentence(String name, GgufBytes gguf, List<String> words) {
        Path path = gguf.writeTo(folder.resolve("tiny.gguf"));
        String message = assertThrows(InvalidInputException.class, () -> Checkpoints.open(path)).getMessage();
        assertTrue(message.contains(path.toString()) && message.endsWith(".") && message.length() < 600, message);
        words.forEach(word -> assertTrue(message.contains(word), () -> message + " lacks: " + word));
    }

    static Stream<Arguments> unsupported() {
        return Stream.of(
                refused("architecture", tiny("general.architecture").string("general.architecture", "qwen3moe"),
                        "architecture", "one of llama, qwen2, qwen3", "qwen3moe"),
                refused("hostile architecture", tiny("general.architecture")
                        .string("general.architecture", "a\n\u001b[2J" + "b".repeat(1000)), "a??[2Jbbb", "b...."),
                refused("no architecture", tiny("general.architecture"), "general.architecture", "missing"),
                refused("split file", TinyLlama.gguf().uint32("split.count", 3), "split.count", "but is 3"),
                refused("rope scaling", TinyLlama.gguf().string("llama.rope.scaling.type", "yarn"),
                        "llama.rope.scaling.type", "be none", "not supported", "but is yarn"),
                refused("rope scaling factor", TinyLlama.gguf().float32("llama.rope.scaling.factor", 8),
                        "llama.rope.scaling.factor", "absent", "not supported"),
                refused("sliding window", TinyLlama.gguf().uint32("llama.attention.sliding_window", 4096),
                        "llama.attention.sliding_window", "not supported", "but is 4096"),
                refused("experts", TinyLlama.gguf().uint32("llama.expert_count", 8), "llama.expert_count", "be 0"),
                refused("unknown key", TinyLlama.gguf().bool("llama.surprise", 1), "llama.surprise", "not supported"),

                refused("no rope base", tiny(BASE), BASE, "a float", "missing"),
                refused("rope base as integer", tiny(BASE).uint32(BASE, 10000), BASE, "a float", "of type uint32"),
                refused("rope base not a number", tiny(BASE).float32(BASE, Float.NaN), BASE, "from 1.0", "NaN"),
                refused("layers as string", tiny(LAYERS).string(LAYERS, "1"), LAYERS, "an integer", "of type string"),
                refused("layers beyond the cap", tiny(LAYERS).uint32(LAYERS, 1 << 30), LAYERS, 1024, 1 << 30),
                refused("layers beyond int", tiny(LAYERS).pair(LAYERS, GgufBytes.UINT64, GgufBytes.int64(1L << 32)),
                        LAYERS, "4294967296"),
                refused("heads per layer", tiny(HEADS).int32s(HEADS, List.of(2)), HEADS, "an array of int32"),
                refused("heads that do not divide", tiny(HEADS).uint32(HEADS, 3), "embedding_length", "3 heads", 32),
                refused("odd head width", tiny(HEADS).uint32(HEADS, 32), "width of one head", "even", "but is 1"),
                refused("kv heads that do not divide",
                        tiny(HEADS).uint32(HEADS, 4).without(KV_HEADS).uint32(KV_HEADS, 3),
                        KV_HEADS, "divisor of the 4", "but is 3"),
                refused("kv heads 0", tiny(KV_HEADS).uint32(KV_HEADS, 0), KV_HEADS, "from 1 to 2", "but is 0"),
                refused("partial rotary", tiny(ROTARY).uint32(ROTARY, 8), ROTARY, "be 16", "but is 8"),
                refused("value width", TinyLlama.gguf().uint32("llama.attention.value_length", 8), "value_length", 16),
                refused("vocabulary size", tiny("llama.vocab_size").uint32("llama.vocab_size", 7), "be 6", "but is 7"),

                refused("missing, misshaped and unexpected tensors at once",
                        TinyLlama.gguf().withoutTensor(NORM).withoutTensor("blk.0.attn_norm.weight")
                                .floats(NORM, new float[16], 16).floats("rope_freqs.weight", new float[8], 8),
                        "lacks blk.0.attn_norm.weight", NORM + " with shape [16] instead of [32]",
                        "unsupported rope_freqs.weight"),
                refused("transposed weight", TinyLlama.gguf().withoutTensor("blk.0.attn_k.weight")
                        .floats("blk.0.attn_k.weight", new float[512], 16, 32), "[32, 16] instead of [16, 32]"),
                refused("many missing layers", tiny(LAYERS).uint32(LAYERS, 3), "blk.1.attn_norm.weight", "and 10 more"),

                refused("another tokenizer", tiny("tokenizer.ggml.model").string("tokenizer.ggml.model", "llama"),
                        "tokenizer.ggml.model", "gpt2", "but is llama"),
                refused("unknown way to split", tiny(PRE).string(PRE, "tekken"), PRE, "smollm", "but is tekken"),
                refused("way to split unsaid", tiny(PRE), PRE, "missing"),
                refused("tokens as bytes", tiny(TOKENS).array(TOKENS, GgufBytes.INT8, 6, new byte[6]),
                        TOKENS, "an array of strings", "an array of int8"),
                refused("one token", tiny(TOKENS).string(TOKENS, "a"), TOKENS, "an array of strings", "string"),
                refused("token twice", tiny(TOKENS).strings(TOKENS, List.of("a", "b", "c", "d", "e", "a")),
                        TOKENS, "tokens 0 and 5"),
                refused("types as floats", tiny(TYPES).array(TYPES, GgufBytes.FLOAT32, 6, new byte[24]),
                        TYPES, "an array of integers", "an array of float32"),
                refused("too few types", tiny(TYPES).int32s(TYPES, List.of(1)), TYPES, "one per token", "but is 1"),
                refused("unknown type of token", tiny(TYPES).int32s(TYPES, Collections.nCopies(6, 7)), "token 0", 7),
                refused("merge without space", tiny(MERGES).strings(MERGES, List.of("ab")), "merge 0", "one space"),
                refused("merge of unknown tokens", tiny(MERGES).strings(MERGES, List.of("a b", "b a")),
                        "merge 1", "ba"),
                refused("beginning outside the vocabulary", tiny(BOS).uint32(BOS, 6), BOS, "from 0 to 5", "but is 6"),
                refused("beginning wanted but unnamed", tiny(BOS), BOS, "missing"),
                refused("add_bos as integer", tiny(ADD_BOS).uint32(ADD_BOS, 1), ADD_BOS, "a bool", "uint32"));
    }

    private Checkpoint open(GgufBytes gguf) {
        return Checkpoints.open(gguf.writeTo(folder.resolve("tiny.gguf")));
    }

    private static GgufBytes tiny(String leftOut) {
        return TinyLlama.gguf().without(leftOut);
    }

    private static Arguments refused(String name, GgufBytes gguf, Object... words) {
        return arguments(name, gguf, Arrays.stream(words).map(String::valueOf).toList());
    }

    private static void rowNumbers(GgufBytes gguf, String name, int rows) {
        gguf.floats(name, rowNumbers(rows), TinyLlama.HIDDEN, rows);
    }

    private static float[] rowNumbers(int rows) {
        float[] values = new float[rows * TinyLlama.HIDDEN];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / TinyLlama.HIDDEN;
        }
        return values;
    }

    /** The number that fills each row. */
    private static float[] everyRow(Checkpoint checkpoint, String name) {
        FloatBuffer values = checkpoint.read(name).asFloatBuffer();
        float[] rows = new float[values.capacity() / TinyLlama.HIDDEN];
        for (int i = 0; i < values.capacity(); i++) {
            rows[i / TinyLlama.HIDDEN] = values.get(i);
            assertEquals(values.get(i - i % TinyLlama.HIDDEN), values.get(i));
        }
        return rows;
    }

    private static long[] ids(TokenizerSource source, String text) throws IOException {
        var json = new ByteArrayInputStream(source.json().getBytes(StandardCharsets.UTF_8));
        try (var tokenizer = HuggingFaceTokenizer.newInstance(json, Map.of())) {
            return tokenizer.encode(text, false, false).getIds();
        }
    }
}
