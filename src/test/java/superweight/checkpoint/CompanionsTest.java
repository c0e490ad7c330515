package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.model.CausalLM;
import superweight.model.Tokenizer.Bos;

/** What lies beside the weights: another reader must find the same config and the same tokens in it. */
class CompanionsTest {
    @TempDir
    private Path temporary;

    /** This one's texts begin with a token of their own, which stands nowhere but in the tokenizer's post-processor. */
    @Test
    void theFolderOfAGgufFileIsTheSameModelWithTheSameTokens() throws IOException {
        Checkpoint gguf = Checkpoints.open(TinyLlama.gguf().writeTo(temporary.resolve("tiny.gguf")));
        Checkpoint folder = folderOf(gguf);
        assertEquals(gguf.config(), folder.config());
        assertEquals(gguf.tensors(), folder.tensors());
        assertEquals(List.of(), folder.warnings());
        assertEquals(gguf.tokenizer().bosId(), folder.tokenizer().bosId());
        assertEquals(gguf.tokenizer().eosId(), folder.tokenizer().eosId());
        assertEquals(gguf.tokenizer().addBos(), folder.tokenizer().addBos());
        try (CausalLM before = CausalLM.load(gguf); CausalLM after = CausalLM.load(folder)) {
            int[] ids = after.tokenizer().encode("abba<tool>ab", Bos.AUTO);
            assertArrayEquals(new int[] {0, 5, 4, 3, 2, 5}, ids);
            assertArrayEquals(before.tokenizer().encode("abba<tool>ab", Bos.AUTO), ids);
        }
    }

    @Test
    void theChatTemplateOfAGgufFileIsPassedOnAsText() {
        Checkpoint gguf = Checkpoints.open(TinyLlama.gguf().writeTo(temporary.resolve("tiny.gguf")));
        JsonObject tokenizer = json(gguf, FloatType.FLOAT32, "tokenizer_config.json");
        assertEquals("{{ cycler.__init__.__globals__ }}", tokenizer.get("chat_template").getAsString());
        assertEquals("<s>", tokenizer.get("bos_token").getAsString());
        assertFalse(tokenizer.has("pad_token"), "the file names none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dtype", "torch_dtype"})
    void aConfigThatNamesAnotherTypeIsTheSameButForThat(String field) {
        Checkpoint checkpoint = Checkpoints.open(new TinyFolder().withoutConfig("torch_dtype")
                .config(field, "\"bfloat16\"").writeTo(temporary.resolve("folder")));
        JsonObject before = json(checkpoint, FloatType.BFLOAT16, "config.json");
        JsonObject after = json(checkpoint, FloatType.FLOAT32, "config.json");
        assertEquals("bfloat16", before.remove(field).getAsString());
        assertEquals("float32", after.remove("torch_dtype").getAsString());
        assertEquals(before, after);
    }

    /** Its weights are float32; whatever loads it takes them for what they are. */
    @Test
    void aConfigThatNamesNoTypeStaysSilentAsLongAsTheTypeStays() {
        TinyFolder folder = new TinyFolder().withoutConfig("torch_dtype");
        Checkpoint checkpoint = Checkpoints.open(folder.writeTo(temporary.resolve("folder")));
        assertEquals(folder.object("config.json"), json(checkpoint, FloatType.FLOAT32, "config.json"));
        assertEquals("float16",
                json(checkpoint, FloatType.FLOAT16, "config.json").get("torch_dtype").getAsString());
    }

    @Test
    void onlyFilesOfTheModelAreCopied() {
        Checkpoint checkpoint = Checkpoints.open(new TinyFolder()
                .file("LICENSE", "Free.").file("chat_template.jinja", "{{ x }}").file("README.md", "Another card.")
                .file("modeling.py", "import os").writeTo(temporary.resolve("folder")));
        Map<String, String> files = new LinkedHashMap<>();
        checkpoint.companions(FloatType.FLOAT32)
                .forEach((name, bytes) -> files.put(name, new String(bytes, StandardCharsets.UTF_8)));
        assertEquals(
                List.of("config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "LICENSE"),
                List.copyOf(files.keySet()));
        assertEquals("Free.", files.get("LICENSE"));
    }

    @Test
    void everyFamilyAndRopeScalingIsReadBackAsItIsWritten() {
        for (RopeScaling scaling : List.of(
                RopeScaling.NONE, new RopeScaling.Linear(2.5), new RopeScaling.Llama3(8, 1, 4, 8192))) {
            for (Family family : List.of(Family.LLAMA, Family.QWEN2, Family.QWEN3)) {
                boolean tied = family != Family.QWEN2;
                ModelConfig config = new ModelConfig(
                        family, 3, 24, 40, 4, 2, 8, 5e5, scaling, 9.999999747378752e-6, 100, 131_072, tied);
                JsonFields fields = new JsonFields(
                        temporary, "", parsed(ConfigJson.write(config, FloatType.FLOAT32).toString()));
                assertEquals(config, ConfigJson.read(fields, Set.of()));
            }
        }
    }

    /** Config, tokenizer and weights of a checkpoint as a folder, the weights in float32. */
    private Checkpoint folderOf(Checkpoint checkpoint) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("made"));
        for (Map.Entry<String, byte[]> file : checkpoint.companions(FloatType.FLOAT32).entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        SafetensorsBytes weights = new SafetensorsBytes();
        checkpoint.tensors().forEach((name, shape) -> {
            float[] values = new float[Math.toIntExact(shape.elements())];
            checkpoint.read(name, 0, FloatBuffer.wrap(values));
            weights.floats(name, values, shape);
        });
        weights.writeTo(folder.resolve("model.safetensors"));
        return Checkpoints.open(folder);
    }

    private static JsonObject json(Checkpoint checkpoint, FloatType type, String file) {
        return parsed(new String(checkpoint.companions(type).get(file), StandardCharsets.UTF_8));
    }

    private static JsonObject parsed(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
