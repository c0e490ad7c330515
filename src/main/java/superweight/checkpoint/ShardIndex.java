package superweight.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import superweight.InvalidInputException;

/** Finds the safetensors files of a model, whether it is one or an index says which tensor lies in which. */
final class ShardIndex {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final String WEIGHT_MAP = "weight_map";
    private static final int LARGEST_INDEX = 32 << 20;
    private static final int MOST_SHARDS = 10_000;

    private ShardIndex() {}

    /**
     * Opens every file that holds weights; like transformers, one file where there is one, else those of the index.
     *
     * @return all tensors by name; none where the folder has neither
     * @throws InvalidInputException if a file is missing or malformed, or files and index do not agree
     */
    static Optional<Map<String, StoredTensor>> read(ModelFolder folder) {
        Optional<Path> single = folder.find(SINGLE);
        if (single.isPresent()) {
            return Optional.of(SafetensorsFile.open(single.get()).tensors());
        }
        return folder.find(INDEX).map(index -> shards(folder, index, weightMap(index)));
    }

    /** The plain names of the files that an index lists, in their order. */
    static Set<String> files(Path index) {
        return new TreeSet<>(weightMap(index).values());
    }

    private static Map<String, String> weightMap(Path index) {
        Map<String, String> shardOf = new LinkedHashMap<>();
        Set<String> sections = new LinkedHashSet<>();
        byte[] bytes = ModelFolder.bytes(index, LARGEST_INDEX);
        JsonInput.read(index, "the file", bytes, input -> {
            input.object("the file", section -> {
                sections.add(section);
                if (section.equals(WEIGHT_MAP)) {
                    input.object(WEIGHT_MAP, tensor -> shardOf.put(tensor, readShard(index, input, tensor)));
                } else {
                    input.skip(section);
                }
            });
            return shardOf;
        });
        if (!sections.contains(WEIGHT_MAP)) {
            throw Refusal.of(index, WEIGHT_MAP, "an object", "missing");
        }
        return shardOf;
    }

    /** The file of a tensor. A name with a separator, or that is a way upwards, could be any file of the user. */
    private static String readShard(Path index, JsonInput input, String tensor) throws IOException {
        String file = input.string("the file of tensor " + tensor);
        boolean plain = file.endsWith(".safetensors")
                && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
        if (!plain) {
            throw Refusal.of(index, "the file of tensor " + tensor,
                    "the plain name of a .safetensors file beside the index", '"' + file + '"');
        }
        return file;
    }

    private static Map<String, StoredTensor> shards(ModelFolder folder, Path index, Map<String, String> shardOf) {
        Set<String> names = new TreeSet<>(shardOf.values());
        if (names.size() > MOST_SHARDS) {
            throw Refusal.of(index, "the number of files", "at most " + MOST_SHARDS, String.valueOf(names.size()));
        }
        List<String> missing = names.stream().filter(name -> folder.find(name).isEmpty()).toList();
        if (!missing.isEmpty()) {
            throw new InvalidInputException(index + " lists files that are not in its folder: "
                    + Refusal.listed(missing) + ".");
        }
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (String name : names) {
            SafetensorsFile.open(folder.path().resolve(name)).tensors().forEach((tensor, stored) -> {
                if (!name.equals(shardOf.get(tensor))) {
                    problems.add(tensor + " is in " + name + " and listed "
                            + (shardOf.containsKey(tensor) ? "in " + shardOf.get(tensor) : "nowhere"));
                } else {
                    tensors.put(tensor, stored);
                }
            });
        }
        shardOf.forEach((tensor, name) -> {
            if (!tensors.containsKey(tensor)) {
                problems.add(tensor + " is listed in " + name + " and not there");
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidInputException(index + " and the files that it lists do not agree: "
                    + Refusal.listed(problems) + ".");
        }
        return tensors;
    }
}
