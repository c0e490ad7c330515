package superweight.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import superweight.checkpoint.SafetensorsWriter.Tensor;

/**
 * The weights of a model over the safetensors files of a Hugging Face folder: one, or several and their index.
 *
 * @param files what each file holds
 */
public record Shards(List<List<Tensor>> files) {
    /** What Hugging Face transformers long made of {@code max_shard_size="5GB"}, its default. */
    public static final long MOST_BYTES = 5_000_000_000L;

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    public Shards {
        files = files.stream().map(List::copyOf).toList();
    }

    /** Where files come to be. */
    @FunctionalInterface
    public interface Folder {
        OutputStream create(String name) throws IOException;
    }

    /** Gives the numbers of a tensor, each once and in their order, to {@link SafetensorsWriter#write}. */
    @FunctionalInterface
    public interface Numbers {
        void write(Tensor tensor, SafetensorsWriter to) throws IOException;
    }

    /**
     * Fills files in the order of the tensors.
     *
     * @param most bytes of numbers in one file; a larger tensor has one to itself
     */
    public static Shards of(List<Tensor> tensors, long most) {
        List<List<Tensor>> files = new ArrayList<>(List.of(new ArrayList<>()));
        long filled = 0;
        for (Tensor tensor : tensors) {
            if (filled > 0 && filled + tensor.bytes() > most) {
                files.add(new ArrayList<>());
                filled = 0;
            }
            files.get(files.size() - 1).add(tensor);
            filled += tensor.bytes();
        }
        return new Shards(files);
    }

    /** Writes all files. */
    public void write(Folder folder, Numbers numbers) throws IOException {
        for (int file = 0; file < files.size(); file++) {
            try (SafetensorsWriter writer = new SafetensorsWriter(folder.create(name(file)), files.get(file))) {
                for (Tensor tensor : writer.tensors()) {
                    numbers.write(tensor, writer);
                }
            }
        }
        if (files.size() > 1) {
            try (OutputStream index = folder.create(ShardIndex.INDEX)) {
                index.write(index().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** What the numbers take in all files. */
    public long bytes() {
        return files.stream().flatMap(List::stream).mapToLong(Tensor::bytes).sum();
    }

    private String name(int file) {
        return files.size() == 1
                ? ShardIndex.SINGLE
                : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", file + 1, files.size());
    }

    private String index() {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("total_size", bytes());
        JsonObject weightMap = new JsonObject();
        for (int file = 0; file < files.size(); file++) {
            for (Tensor tensor : files.get(file)) {
                weightMap.addProperty(tensor.name(), name(file));
            }
        }
        JsonObject index = new JsonObject();
        index.add("metadata", metadata);
        index.add("weight_map", weightMap);
        return GSON.toJson(index) + "\n";
    }
}
