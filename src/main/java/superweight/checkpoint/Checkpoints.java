package superweight.checkpoint;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import superweight.InvalidInputException;

/** Opens a checkpoint whatever its format: a GGUF file, or a folder as Hugging Face transformers saves a model. */
public final class Checkpoints {
    private static final String EXPECTED = "a GGUF file or a folder with a Hugging Face model";

    /** The name of the model that set-up brings. */
    public static final String DEFAULT_MODEL = "smollm2-135m";

    private Checkpoints() {}

    /**
     * Opens a model by its path or its name.
     *
     * @param model {@value #DEFAULT_MODEL}, the path of a model's file or folder, or, where there is nothing at that
     *     path, the name on the Hugging Face hub of a model in the cache of its client: {@code Qwen/Qwen3-0.6B}
     * @throws InvalidInputException if it is not there, or is no checkpoint that can be run
     */
    public static Checkpoint open(String model) {
        return open(model, HubCache.of(System.getenv(), Path.of(System.getProperty("user.home"))));
    }

    static Checkpoint open(String model, HubCache cache) {
        if (model.equals(DEFAULT_MODEL)) {
            return open(embedded());
        }
        Path path = Path.of(model);
        return open(HubCache.isName(model) && !Files.exists(path) ? cache.snapshot(model) : path);
    }

    private static Path embedded() {
        Path home = Path.of(System.getProperty("superweight.home", "."));
        Path file = home.resolve("build/models/" + DEFAULT_MODEL + ".gguf");
        if (!Files.exists(file)) {
            throw new InvalidInputException("The model " + DEFAULT_MODEL + " has not been set up:"
                    + " environment/setup.sh installs it.");
        }
        return file;
    }

    /**
     * Opens a model and checks all of it that comes before the numbers.
     *
     * @throws InvalidInputException if there is no such file, or it is no checkpoint that can be run
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw new InvalidInputException("There is no model file or folder at " + path + ".");
        }
        if (Files.isDirectory(path)) {
            return HuggingFaceCheckpoint.open(path);
        }
        if (!Files.isRegularFile(path)) {
            throw Refusal.of(path, "the model", EXPECTED, "neither a file nor a folder");
        }
        if (path.toString().endsWith(".safetensors")) {
            throw new InvalidInputException(path + " holds weights alone: give the folder that it lies in, with the"
                    + " model's config.json and tokenizer.json.");
        }
        byte[] beginning = beginning(path);
        if (beginning.length == 0) {
            throw Refusal.of(path, "the model", EXPECTED, "an empty file");
        }
        String magic = new String(beginning, StandardCharsets.ISO_8859_1);
        if (magic.equals("GGUF")) {
            return GgufCheckpoint.open(path);
        }
        if (Pickle.is(path, magic)) {
            throw Pickle.refusal(path);
        }
        throw Refusal.of(path, "the model", EXPECTED, "a file that does not begin with the letters GGUF");
    }

    private static byte[] beginning(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            return Channels.newInputStream(channel).readNBytes(4);
        } catch (IOException e) {
            throw Refusal.unreadable(path, e);
        }
    }
}
