package superweight.cli;

import java.nio.file.Path;
import java.util.Optional;
import superweight.InvalidInputException;

/** The folder of evaluation data that the environment names. */
final class DataFolder {
    private DataFolder() {}

    /**
     * The folder in {@code SUPERWEIGHT_DATA}.
     *
     * @param missing the sentence for a user who has set none
     */
    static Path fromEnvironment(String missing) {
        return Optional.ofNullable(System.getenv("SUPERWEIGHT_DATA"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .orElseThrow(() -> new InvalidInputException(missing));
    }
}
