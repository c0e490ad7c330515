package superweight.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import superweight.InvalidInputException;
import superweight.report.Results.Setting;

/**
 * What the execution of a notebook is asked to run on and where its results are to go: the process'
 * {@code SUPERWEIGHT_} variables.
 *
 * @param environment variables by name
 */
record RunRequest(Map<String, String> environment) {
    RunRequest {
        environment = Map.copyOf(environment);
    }

    /** The model's name, here or on the Hugging Face hub, or the path of its file or folder. */
    String model() {
        return variable("SUPERWEIGHT_MODEL").orElse("smollm2-135m");
    }

    /** The folder of evaluation data, where one was given; the bundled text serves otherwise. */
    Optional<Path> data() {
        Optional<Path> folder = variable("SUPERWEIGHT_DATA").map(Path::of);
        folder.filter(path -> !Files.isRegularFile(path.resolve("wiki.test.raw"))).ifPresent(path -> {
            throw new InvalidInputException(
                    "SUPERWEIGHT_DATA: expected a folder with wiki.test.raw, found none in %s."
                            .formatted(path));
        });
        return folder;
    }

    /** {@code wikitext2} or {@code bundled}: the folder of results, so that texts never mix. */
    String textName() {
        return data().isPresent() ? "wikitext2" : "bundled";
    }

    /** The model and text as their folders of results are called. */
    Setting setting() {
        return Setting.of(model(), textName());
    }

    /** @throws InvalidInputException if there is no such size */
    Run.Size size() {
        String word = variable("SUPERWEIGHT_SIZE").orElse("default");
        for (Run.Size size : Run.Size.values()) {
            if (size.name().toLowerCase(Locale.ROOT).equals(word)) {
                return size;
            }
        }
        throw new InvalidInputException(
                "SUPERWEIGHT_SIZE: expected small, default or full, found \"%s\".".formatted(word));
    }

    /** The folder under which results go; opening a notebook by hand must not overwrite committed ones. */
    Path out(Checkout checkout) {
        return variable("SUPERWEIGHT_OUT").map(Path::of)
                .orElse(checkout.root().resolve("build").resolve("interactive"));
    }

    /** The file that says how far the run is, where somebody waits. */
    Optional<Path> progress() {
        return variable("SUPERWEIGHT_PROGRESS").map(Path::of);
    }

    /** The folder that keeps what is measured until the run is complete, where it is one that may be gone on with. */
    Optional<Path> journal() {
        return variable("SUPERWEIGHT_JOURNAL").map(Path::of);
    }

    String commit() {
        return variable("SUPERWEIGHT_COMMIT").orElse(Provenance.NOT_AVAILABLE);
    }

    /** What a person typed to start it. */
    Optional<String> command() {
        return variable("SUPERWEIGHT_COMMAND");
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
