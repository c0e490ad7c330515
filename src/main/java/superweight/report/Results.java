package superweight.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import superweight.InvalidInputException;

/** Everything measured for claims, a map from claim to measurement for each model and text. */
public final class Results {
    /** A model and a text as their folders are called: what never shares a column with another. */
    public record Setting(String model, String text) implements Comparable<Setting> {
        /**
         * The setting of a run.
         *
         * @param model a name, or the path of a model's file or folder, whose own name then counts
         */
        public static Setting of(String model, String text) {
            // A path such as "." has a name only as an absolute one.
            String file = Path.of(model).toAbsolutePath().normalize().getFileName().toString();
            String name = file.endsWith(".gguf") ? file.substring(0, file.length() - 5) : file;
            return new Setting(name, text);
        }

        @Override
        public int compareTo(Setting other) {
            int byModel = model.compareTo(other.model);
            return byModel != 0 ? byModel : text.compareTo(other.text);
        }
    }

    private final SortedMap<Setting, Map<String, Measured>> bySetting;

    private Results(SortedMap<Setting, Map<String, Measured>> bySetting) {
        this.bySetting = bySetting;
    }

    /** What one run measured. */
    public static Results of(Setting setting, List<Measured> measured) {
        Results results = new Results(new TreeMap<>());
        measured.forEach(one -> results.add(setting, one, "this run"));
        return results;
    }

    /**
     * Reads {@code <model>/<text>/*.claims.csv} under {@code paper-tables}.
     *
     * @throws InvalidInputException if a file is malformed or two files measure the same claim
     */
    public static Results read(Path paperTables) {
        Results results = new Results(new TreeMap<>());
        for (Path model : children(paperTables)) {
            for (Path text : children(model)) {
                Setting setting = new Setting(
                        model.getFileName().toString(), text.getFileName().toString());
                for (Path file : children(text)) {
                    if (file.getFileName().toString().endsWith(MeasuredFile.SUFFIX)) {
                        MeasuredFile.read(file).forEach(measured ->
                                results.add(setting, measured, file.getFileName().toString()));
                    }
                }
            }
        }
        return results;
    }

    /** The models and texts there are results for, in alphabetical order. */
    public List<Setting> settings() {
        return List.copyOf(bySetting.keySet());
    }

    /** Every measurement of one model and text, by claim. */
    public Map<String, Measured> at(Setting setting) {
        return Map.copyOf(bySetting.getOrDefault(setting, Map.of()));
    }

    /** What was measured for a claim on this model and text. */
    public Optional<Measured> find(Setting setting, Claim claim) {
        return Optional.ofNullable(bySetting.getOrDefault(setting, Map.of()).get(claim.id()));
    }

    /** What was measured for a claim on the model and the whole text that the claim itself is about. */
    public Optional<Measured> onItsOwnModel(Claim claim) {
        return bySetting.keySet().stream()
                .flatMap(setting -> find(setting, claim).stream()
                        .filter(measured -> claim.isAbout(setting.model(), measured.text().orElse(setting.text()))))
                .filter(measured -> measured.size() == Run.Size.FULL)
                .findFirst();
    }

    private void add(Setting setting, Measured measured, String where) {
        Measured before = bySetting.computeIfAbsent(setting, s -> new HashMap<>())
                .putIfAbsent(measured.claim(), measured);
        if (before != null) {
            throw new InvalidInputException(
                    "%s: expected claim %s to be measured once on %s and %s, found it a second time."
                            .formatted(where, measured.claim(), setting.model(), setting.text()));
        }
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return new ArrayList<>(entries.sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException("could not list " + folder, e);
        }
    }
}
