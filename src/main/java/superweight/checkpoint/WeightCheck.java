package superweight.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import superweight.InvalidInputException;

/** Holds a checkpoint's tensors against those that its config asks for. */
final class WeightCheck {
    private WeightCheck() {}

    /**
     * Requires each weight to be there in its shape, and nothing else.
     *
     * @param path the model's file or folder
     * @param source what describes the model: {@code its metadata}
     * @param needed shapes by the names that the file uses
     * @param found shapes by the names that the file uses
     * @throws InvalidInputException naming all that is missing, misshapen or not needed
     */
    static void requireExactly(Path path, String source, Map<String, Shape> needed, Map<String, Shape> found) {
        List<String> missing = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        Set<String> unexpected = new LinkedHashSet<>(found.keySet());
        needed.forEach((name, shape) -> {
            unexpected.remove(name);
            if (!found.containsKey(name)) {
                missing.add(name);
            } else if (!found.get(name).equals(shape)) {
                misshaped.add(name + " with shape " + found.get(name) + " instead of " + shape);
            }
        });
        List<String> problems = new ArrayList<>();
        list("lacks", missing, problems);
        list("has", misshaped, problems);
        list("has the unsupported", List.copyOf(unexpected), problems);
        if (!problems.isEmpty()) {
            throw new InvalidInputException("The tensors of " + path + " are not those of the model that "
                    + source + " describes: it " + String.join("; it ", problems) + ".");
        }
    }

    private static void list(String verb, List<String> names, List<String> problems) {
        if (!names.isEmpty()) {
            problems.add(verb + " " + Refusal.listed(names));
        }
    }
}
