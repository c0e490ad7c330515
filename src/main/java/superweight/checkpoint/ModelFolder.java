package superweight.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder as Hugging Face transformers saves a model, and which files may be read as its own.
 *
 * <p>A file may be a link, but only to a place inside the folder or, in the hub's cache, to blobs, which lie beside the
 * snapshots, or beside the models where all of them share one store, as huggingface_hub 2.4 keeps it: a downloaded
 * folder cannot make this library read other files of the user.
 */
record ModelFolder(Path path) {
    /** Most take a few kilobytes; a tokenizer's that lists thousands of reserved tokens takes one megabyte. */
    private static final int LARGEST_CONFIG = 8 << 20;

    private static final String BLOBS = "blobs";

    /** The folder's file of this plain name, if it has one. */
    Optional<Path> find(String name) {
        Path file = path.resolve(name);
        if (!Files.exists(file)) {
            if (Files.isSymbolicLink(file)) {
                throw Refusal.of(path, name, "a file", "a link to a file that is missing");
            }
            return Optional.empty();
        }
        if (!Files.isRegularFile(file)) {
            throw Refusal.of(path, name, "a file", "a folder or another thing that is not a file");
        }
        requireOwn(file);
        return Optional.of(file);
    }

    /** A small JSON object such as {@code config.json}, if the folder has it. */
    Optional<JsonFields> findFields(String name) {
        return find(name).map(file -> new JsonFields(file, "", JsonInput.read(
                file, "the file", bytes(file, LARGEST_CONFIG), input -> input.objectTree("the file"))));
    }

    /** A whole file of at most {@code most} bytes. */
    static byte[] bytes(Path file, int most) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw Refusal.of(file, "the length of the file", "at most " + most + " bytes", "larger");
            }
            return bytes;
        } catch (IOException e) {
            throw Refusal.unreadable(file, e);
        }
    }

    private void requireOwn(Path file) {
        try {
            Path folder = path.toRealPath();
            Path target = file.toRealPath();
            boolean own = target.startsWith(folder);
            boolean blob = blobs(folder).stream().anyMatch(target::startsWith);
            if (!own && !blob) {
                throw Refusal.of(path, file.getFileName().toString(), "a file inside the folder",
                        "a link that leaves it, to " + target);
            }
        } catch (IOException e) {
            throw Refusal.unreadable(file, e);
        }
    }

    /** Where the blobs of a snapshot {@code models--Org--name/snapshots/<commit>} may lie. */
    private static List<Path> blobs(Path folder) {
        Path snapshots = folder.getParent();
        if (snapshots == null || !snapshots.endsWith("snapshots")) {
            return List.of();
        }
        Path repository = snapshots.getParent(); // at least the root, the path being a real one
        Path own = repository.resolve(BLOBS);
        Path name = repository.getFileName();
        return name != null && name.toString().startsWith("models--")
                ? List.of(own, repository.resolveSibling(BLOBS))
                : List.of(own);
    }
}
