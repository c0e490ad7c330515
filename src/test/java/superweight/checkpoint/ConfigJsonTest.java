package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;

class ConfigJsonTest {
    private static final String SIZES = "\"model_type\":\"llama\",\"hidden_size\":64,\"intermediate_size\":96,"
            + "\"num_hidden_layers\":2,\"num_attention_heads\":4,\"vocab_size\":100";
    private static final String MISTRAL = SIZES.replace("llama", "mistral").replace("heads\":4", "heads\":16");
    private static final String LLAMA3 = "{'rope_type':'llama3','factor':8,'low_freq_factor':1,'high_freq_factor':4";

    @Test
    void takesWhatTransformersTakesWhereALlamaConfigIsSilent() {
        assertEquals(
                new ModelConfig(Family.LLAMA, 2, 64, 96, 4, 4, 16, 10_000, RopeScaling.NONE, 1e-6, 100, 2048, false),
                read(SIZES));
        assertEquals(read(SIZES),
                read(SIZES + ",\"num_key_value_heads\":null,\"head_dim\":null,\"rope_scaling\":null"));
    }

    @Test
    void takesWhatTransformersTakesWhereAMistralConfigIsSilent() {
        ModelConfig config = read(MISTRAL + ",\"sliding_window\":null");
        assertEquals(Family.MISTRAL, config.family());
        assertEquals(8, config.numKeyValueHeads());
        assertEquals(131_072, config.maxPositionEmbeddings());
        assertEquals(16, read(MISTRAL + ",\"sliding_window\":null,\"num_key_value_heads\":null").numKeyValueHeads());
    }

    @Test
    void takesWhatTransformersTakesWhereAQwenConfigIsSilent() {
        String qwen2 = SIZES.replace("llama", "qwen2").replace("heads\":4", "heads\":32");
        String qwen3 = qwen2.replace("qwen2", "qwen3");
        assertEquals(
                new ModelConfig(Family.QWEN2, 2, 64, 96, 32, 32, 2, 1e4, RopeScaling.NONE, 1e-6, 100, 32_768, false),
                read(qwen2));
        assertEquals(
                new ModelConfig(Family.QWEN3, 2, 64, 96, 32, 32, 128, 1e4, RopeScaling.NONE, 1e-6, 100, 32_768, false),
                read(qwen3));
        assertEquals(64, read(qwen3 + ",\"num_attention_heads\":64,\"num_key_value_heads\":null").numKeyValueHeads());
    }

    /** As Qwen2's published files do, which name a window and say that it is not used. */
    @Test
    void theSlidingWindowOfQwenCountsOnlyWhereItIsAskedFor() {
        String qwen2 = SIZES.replace("llama", "qwen2")
                + ",\"num_key_value_heads\":2,\"max_position_embeddings\":131072,\"sliding_window\":32768";
        assertEquals(131_072, read(qwen2).maxPositionEmbeddings());
        assertEquals(131_072, read(qwen2 + ",\"use_sliding_window\":false").maxPositionEmbeddings());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "max_window_layers":2,"sliding_window":4
            "max_window_layers":28
            "max_window_layers":0,"sliding_window":null
            "max_window_layers":0,"sliding_window":4,"layer_types":["full_attention","full_attention"]
            """)
    void aSlidingWindowThatNoLayerOfQwenHasIsAccepted(String more) {
        for (String family : new String[] {"qwen2", "qwen3"}) {
            String config = SIZES.replace("llama", family) + ",\"num_key_value_heads\":2";
            assertEquals(read(config), read(config + ",\"use_sliding_window\":true," + more));
        }
    }

    /** It has them on q_proj, k_proj and v_proj whatever this field, which its config does not have, says. */
    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "null"})
    void qwen2HasItsBiasesWhateverTheConfigSays(String value) {
        String config = SIZES.replace("llama", "qwen2") + ",\"num_key_value_heads\":2";
        assertEquals(read(config), read(config + ",\"attention_bias\":" + value));
    }

    @Test
    void readsWhatTheConfigSays() {
        assertEquals(
                new ModelConfig(Family.LLAMA, 2, 64, 96, 4, 2, 24, 500_000, RopeScaling.NONE, 1e-5, 100, 8192, true),
                read(SIZES + ",\"num_key_value_heads\":2,\"head_dim\":24,\"rope_theta\":500000.0,"
                        + "\"rms_norm_eps\":1e-05,\"max_position_embeddings\":8192,\"tie_word_embeddings\":true"));
    }

    @Test
    void aStoredOutputProjectionIsNotTiedWhateverTheConfigSays() {
        JsonFields fields = fields(SIZES + ",\"tie_word_embeddings\":true");
        assertEquals(false, ConfigJson.read(fields, Set.of("lm_head.weight")).tieWordEmbeddings());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "attention_bias":false,"mlp_bias":false,"hidden_act":"silu","pretraining_tp":1,"partial_rotary_factor":1.0
            "attention_bias":null,"quantization_config":null,"pretraining_tp":null
            "architectures":["LlamaForCausalLM"],"auto_map":{"AutoConfig":"x.Config"},"layer_types":["full_attention"]
            "sliding_window":2048,"torch_dtype":"bfloat16","use_cache":true,"_name_or_path":"/tmp/x","surprise":[[1]]
            "rope_parameters":{"rope_theta":10000.0,"rope_type":"default"}
            "rope_scaling":{"type":"default"},"rope_parameters":{"type":"default"}
            """)
    void whatDoesNotChangeTheComputationIsAccepted(String more) {
        assertEquals(read(SIZES), read(SIZES + "," + more));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "rope_theta":500.0,"rope_scaling":{"type":"linear","factor":2.0}
            "rope_theta":500.0,"rope_scaling":{"rope_type":"linear","type":"linear","factor":2}
            "rope_parameters":{"rope_type":"linear","factor":2.0,"rope_theta":500.0}
            "rope_theta":77.0,"rope_parameters":{"rope_type":"linear","factor":2.0,"rope_theta":500.0}
            "rope_theta":500.0,"rope_parameters":{"rope_type":"linear","factor":2.0}
            """)
    void bothStylesOfRopeParametersSayTheSame(String rope) {
        ModelConfig config = read(SIZES + "," + rope);
        assertEquals(new RopeScaling.Linear(2), config.ropeScaling());
        assertEquals(500, config.ropeTheta());
    }

    @Test
    void theOriginalContextOfLlama3IsTheOneThatTransformersTakes() {
        String scaling = ",'max_position_embeddings':512,'rope_scaling':" + LLAMA3;
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 128),
                read(SIZES + quoted(scaling + ",'original_max_position_embeddings':128}")).ropeScaling());
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 512), read(SIZES + quoted(scaling + "}")).ropeScaling());
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 64), read(SIZES + quoted(scaling
                + ",'original_max_position_embeddings':128},'original_max_position_embeddings':64")).ropeScaling());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsupported")
    void refusesByNameInOneSentence(String config, List<String> words) {
        String message = assertThrows(InvalidInputException.class, () -> read(config)).getMessage();
        assertTrue(message.startsWith("In config.json, ") && message.endsWith(".") && message.length() < 500, message);
        words.forEach(word -> assertTrue(message.contains(word), () -> message + " lacks: " + word));
    }

    static Stream<Arguments> unsupported() {
        return Stream.of(
                refused("'model_type':'gemma3'", "model_type", "one of llama, mistral, qwen2, qwen3", "gemma3"),
                refused("'model_type':7", "model_type", "a string", "7"),
                refused("'architectures':['LlamaForSequenceClassification']", "architectures", "LlamaForCausalLM"),
                refused("'architectures':'LlamaForCausalLM'", "architectures", "an array of strings"),
                refused("'attention_bias':true", "attention_bias", "false", "not supported", "but is true"),
                refused("'model_type':'qwen3','attention_bias':true", "attention_bias", "not supported", "true"),
                refused("'model_type':'qwen2','use_sliding_window':true,'max_window_layers':1,'num_key_value_heads':2",
                        "use_sliding_window", "be false, or max_window_layers at least the 2 layers", "true"),
                refused("'model_type':'qwen3','use_sliding_window':true,'num_hidden_layers':29,'num_key_value_heads':2",
                        "use_sliding_window", "at least the 29 layers"), // 28 where the config is silent
                refused("'model_type':'qwen2','num_key_value_heads':2,'use_sliding_window':1", "use_sliding_window",
                        "true or false", 1),
                refused("'use_sliding_window':true,'max_window_layers':28", "use_sliding_window", "false", "true"),
                refused("'model_type':'qwen3','num_key_value_heads':2,'head_dim':15", "width of one head", "even", 15),
                refused("'model_type':'qwen3','architectures':['Qwen2ForCausalLM']", "architectures", "Qwen3"),
                refused("'mlp_bias':true", "mlp_bias", "not supported"),
                refused("'hidden_act':'gelu'", "hidden_act", "silu", "gelu"),
                refused("'quantization_config':{'quant_method':'gptq'}", "quantization_config", "absent", "gptq"),
                refused("'pretraining_tp':2", "pretraining_tp", "be 1", "but is 2"),
                refused("'partial_rotary_factor':0.5", "partial_rotary_factor", "be 1", "0.5"),
                refused("'num_local_experts':8", "num_local_experts", "absent"),
                refused("'logits_scaling':8.0", "logits_scaling", "be 1", "8.0"),
                refused("'use_qk_norm':true", "use_qk_norm", "false"),
                refused("'clip_qkv':8.0", "clip_qkv", "absent"),
                refused("'layer_types':['full_attention','sliding_attention']", "layer_types", "full_attention"),
                refused("'sliding_window':'none'", "sliding_window", "a whole number"),
                refused("'tie_word_embeddings':'yes'", "tie_word_embeddings", "true or false", "yes"),

                refused("'hidden_size':null", "hidden_size", "from 1 to", "missing"),
                refused("'hidden_size':66", "hidden_size", "a multiple of the 4 heads", "66"),
                refused("'hidden_size':64.0", "hidden_size", "a whole number", "64.0"),
                refused("'hidden_size':'64'", "hidden_size", "a whole number", "64"),
                refused("'hidden_size':1e999999999", "hidden_size", "from 1 to 1048576"),
                refused("'hidden_size':1e99999999999", "a number of the file", "1e99999999999"),
                refused("'hidden_size':-64", "hidden_size", "from 1", "-64"),
                refused("'num_hidden_layers':100000", "num_hidden_layers", "1024", "100000"),
                refused("'num_hidden_layers':0", "num_hidden_layers", "from 1"),
                refused("'vocab_size':4294967296", "vocab_size", "4294967296"),
                refused("'max_position_embeddings':0", "max_position_embeddings", "from 1"),
                refused("'num_attention_heads':64", "the width of one head", "even", "but is 1"),
                refused("'head_dim':15", "the width of one head", "even", "15"),
                refused("'num_key_value_heads':3", "num_key_value_heads", "a divisor of the 4", "3"),
                refused("'num_key_value_heads':8", "num_key_value_heads", "from 1 to 4", "8"),
                refused("'rms_norm_eps':0", "rms_norm_eps", "a number from"),
                refused("'rms_norm_eps':'1e-5'", "rms_norm_eps", "a number from", "1e-5"),
                refused("'rope_theta':-1", "rope_theta", "a number from", "-1"),

                refused("'rope_scaling':{'rope_type':'yarn','factor':4}", "rope_scaling.rope_type", "llama3", "yarn"),
                refused("'rope_scaling':{'type':'dynamic','factor':4}", "rope_scaling.type", "linear", "dynamic"),
                refused("'rope_parameters':{'rope_type':'longrope'}", "rope_parameters.rope_type", "longrope"),
                refused("'rope_parameters':{'full_attention':{'rope_type':'default'}}",
                        "rope_parameters.full_attention", "not supported"),
                refused("'rope_parameters':{'partial_rotary_factor':0.25}", "partial_rotary_factor", "be 1", "0.25"),
                refused("'rope_scaling':{'type':'linear'}", "rope_scaling.factor", "a number", "missing"),
                refused("'rope_scaling':{'type':'linear','factor':0.5}", "rope_scaling.factor", "from 1", "0.5"),
                refused("'rope_scaling':{'type':'linear','rope_type':'llama3'}", "rope_scaling.type", "the same"),
                refused("'rope_scaling':'linear'", "rope_scaling", "an object"),
                refused("'rope_scaling':{'type':'linear','factor':2},'rope_parameters':{'rope_type':'default'}",
                        "rope_scaling", "absent, or the same"),
                refused("'rope_scaling':" + LLAMA3.replace("'high_freq_factor':4", "'high_freq_factor':1") + "}",
                        "high_freq_factor", "larger than"),
                refused("'rope_scaling':" + LLAMA3.replace("'factor':8,", "") + "}", "rope_scaling.factor", "missing"));
    }

    /** Within the window every token sees all before it, so nothing longer may be run. */
    @Test
    void aSlidingWindowIsTheLongestSequence() {
        assertEquals(2047, read(SIZES + ",\"sliding_window\":2047").maxPositionEmbeddings());
        assertEquals(4096, read(MISTRAL).maxPositionEmbeddings());
        assertEquals(2048, read(MISTRAL + ",\"max_position_embeddings\":2048").maxPositionEmbeddings());
        assertEquals(4096, read(MISTRAL + ",\"max_position_embeddings\":32768,\"sliding_window\":4096")
                .maxPositionEmbeddings());
    }

    private static ModelConfig read(String members) {
        return ConfigJson.read(fields(members), Set.of());
    }

    /** Later members win over those of {@link #SIZES}. */
    private static JsonFields fields(String members) {
        Path file = Path.of("config.json");
        byte[] json = JsonParser.parseString("{" + members + "}").toString().getBytes(StandardCharsets.UTF_8);
        return new JsonFields(file, "", JsonInput.read(file, "the file", json, input -> input.objectTree("the file")));
    }

    private static Arguments refused(String member, Object... words) {
        return arguments(SIZES + "," + quoted(member), Arrays.stream(words).map(String::valueOf).toList());
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }
}
