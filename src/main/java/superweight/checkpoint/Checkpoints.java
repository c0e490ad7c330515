package superweight.checkpoint;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import superweight.InvalidInputException;

/** Opens a checkpoint whatever its format; so far that is GGUF. */
public final class Checkpoints {
    private static final List<String> PICKLE_ENDINGS = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

    /** The name of the model that set-up brings. */
    public static final String DEFAULT_MODEL = "smollm2-135m";

    private Checkpoints() {}

    /**
     * Opens a model by its name or its path.
     *
     * @param model {@value #DEFAULT_MODEL}, or the path of a model file
     */
    public static Checkpoint open(String model) {
        return open(model.equals(DEFAULT_MODEL) ? embedded() : Path.of(model));
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
     * Opens a model file and checks all of it that comes before the numbers.
     *
     * @throws InvalidInputException if there is no such file, or it is no checkpoint that can be run
     */
    public static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw new InvalidInputException("There is no model file at " + path + ".");
        }
        if (!Files.isRegularFile(path)) {
            throw Refusal.of(path, "the model", "a GGUF file", "a folder or another thing that is not a file");
        }
        byte[] beginning = beginning(path);
        if (beginning.length == 0) {
            throw Refusal.of(path, "the model", "a GGUF file", "an empty file");
        }
        String magic = new String(beginning, StandardCharsets.ISO_8859_1);
        if (magic.equals("GGUF")) {
            return GgufCheckpoint.open(path);
        }
        if (isPickle(path, magic)) {
            throw new InvalidInputException(path + " is a PyTorch pickle, which can run code when it is loaded:"
                    + " convert it to safetensors, and that to GGUF, and open the result.");
        }
        throw Refusal.of(path, "the model", "a GGUF file", "one that does not begin with the letters GGUF");
    }

    /** A pickle by its name, by the zip archive torch.save writes, or by the pickle protocol's own first bytes. */
    private static boolean isPickle(Path path, String magic) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return PICKLE_ENDINGS.stream().anyMatch(name::endsWith)
                || magic.startsWith("PK")
                || magic.matches("(?s)\\x80[\\x02-\\x05].*");
    }

    private static byte[] beginning(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            return Channels.newInputStream(channel).readNBytes(4);
        } catch (IOException e) {
            throw Refusal.unreadable(path, e);
        }
    }
}
