package superweight.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import superweight.InvalidInputException;

/** PyTorch's own format, which can run code when it is loaded; it is known here in order to be refused. */
final class Pickle {
    private static final List<String> ENDINGS = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl");

    private Pickle() {}

    /** A pickle by its name, by the zip archive torch.save writes, or by the pickle protocol's own first bytes. */
    static boolean is(Path path, String beginning) {
        return isNamed(path) || beginning.startsWith("PK") || beginning.matches("(?s)\\x80[\\x02-\\x05].*");
    }

    static boolean isNamed(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    static InvalidInputException refusal(Path path) {
        return new InvalidInputException(path + " is a PyTorch pickle, which can run code when it is loaded:"
                + " convert it to safetensors, for example with save_pretrained of Hugging Face transformers,"
                + " and open the folder that holds the result.");
    }
}
