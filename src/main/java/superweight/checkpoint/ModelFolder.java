package superweight.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder as Hugging Face transformers saves a model, and which files may be read as its own.
 *
 * <p>A file may be a link, but only to a place inside the folder or, in the hub's cache, to the blobs beside the
 * snapshots: a downloaded folder cannot make this library read other files of the user.
 */
record ModelFolder(Path path) {
    /** Most take a few kilobytes; a tokenizer's that lists thousands of reserved tokens takes one megabyte. */
    private static final int LARGEST_CONFIG = 8 << 20;

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
            boolean blob = isNamed(folder.getParent(), "snapshots")
                    && target.startsWith(folder.getParent().resolveSibling("blobs"));
            if (!own && !blob) {
                throw Refusal.of(path, file.getFileName().toString(), "a file inside the folder",
                        "a link that leaves it, to " + target);
            }
        } catch (IOException e) {
            throw Refusal.unreadable(file, e);
        }
    }

    private static boolean isNamed(Path folder, String name) {
        return folder != null && folder.endsWith(name);
    }
}
