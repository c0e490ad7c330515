package superweight.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import superweight.InvalidInputException;
import superweight.checkpoint.Checkpoints;

/** A damaged file of a Hugging Face folder is refused, or gives a tokenizer that works. */
class TokenizerProperties {
    private static final Path GOLDEN =
            Path.of(System.getProperty("superweight.home"), "src/test/resources/golden/llama/tied-bf16-sharded");
    private static final List<String> JSON = List.of(
            "tokenizer.json", "tokenizer_config.json", "config.json", "model.safetensors.index.json");
    private static final List<String> SHARDS =
            List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");

    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("superweight-damaged");
        for (String name : SHARDS) {
            Files.copy(GOLDEN.resolve(name), folder.resolve(name));
        }
        restore();
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        for (String name : JSON) {
            Files.delete(folder.resolve(name));
        }
        for (String name : SHARDS) {
            Files.delete(folder.resolve(name));
        }
        Files.delete(folder);
    }

    @Property(tries = 1500)
    void aFlippedByteIsRefusedOrDoesNoHarm(
            @ForAll @IntRange(max = 3) int file, @ForAll @IntRange(max = 1 << 16) int position,
            @ForAll @IntRange(min = 1, max = 255) int flip)
            throws IOException {
        byte[] bytes = Files.readAllBytes(GOLDEN.resolve(JSON.get(file)));
        bytes[position % bytes.length] ^= (byte) flip;
        Files.write(folder.resolve(JSON.get(file)), bytes);
        opensAndEncodesOrIsRefused();
        restore();
    }

    @Property(tries = 300)
    void aTruncatedFileIsRefused(@ForAll @IntRange(max = 3) int file, @ForAll @IntRange(max = 1 << 16) int length)
            throws IOException {
        String json = Files.readString(GOLDEN.resolve(JSON.get(file))).stripTrailing();
        Files.writeString(folder.resolve(JSON.get(file)), json.substring(0, length % json.length()));
        assertFalse(opensAndEncodesOrIsRefused(), "opened when truncated");
        restore();
    }

    /** Opens the folder and encodes a text; anything but a refusal escapes and fails the property. */
    private static boolean opensAndEncodesOrIsRefused() {
        try (Tokenizer tokenizer = new Tokenizer(Checkpoints.open(folder).tokenizer())) {
            assertTrue(tokenizer.encode("the hand and the man 12 é 漢\n").length > 0);
            return true;
        } catch (InvalidInputException refused) {
            assertTrue(refused.getMessage().endsWith("."), refused.getMessage());
            return false;
        }
    }

    private static void restore() throws IOException {
        for (String name : JSON) {
            Files.write(folder.resolve(name), Files.readAllBytes(GOLDEN.resolve(name)));
        }
    }
}
