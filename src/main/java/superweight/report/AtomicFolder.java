package superweight.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import superweight.InvalidInputException;

/**
 * A folder that is there whole or not at all: filled under a hidden name beside its place, which it takes at the end.
 * Until then whatever ends the program, short of killing it outright, removes what was written.
 */
public final class AtomicFolder implements AutoCloseable {
    private final Path target;
    private final Path hidden;
    private final Thread atExit = new Thread(this::remove, "remove unfinished folder");
    private boolean over;

    private AtomicFolder(Path target, Path hidden) {
        this.target = target;
        this.hidden = hidden;
    }

    /**
     * Begins a folder.
     *
     * @param folder must be missing or empty, in a folder that is there
     * @param bytes what is about to be written, for which there must be room
     * @throws InvalidInputException if it cannot be made there
     */
    public static AtomicFolder begin(Path folder, long bytes) {
        requireFree(folder);
        try {
            Path target = Files.exists(folder) ? folder.toRealPath() : folder.toAbsolutePath().normalize();
            Path parent = target.getParent();
            if (Files.exists(target) && !Files.getFileStore(target).equals(Files.getFileStore(parent))) {
                throw new InvalidInputException(
                        folder + " is where another disk begins: name a folder inside it, which is then made.");
            }
            long room = Files.getFileStore(parent).getUsableSpace();
            if (room < bytes) {
                throw new InvalidInputException("The disk of " + folder + " must have room for " + (bytes >> 20)
                        + " MiB, but it has " + (room >> 20) + " MiB left.");
            }
            long any = ThreadLocalRandom.current().nextLong();
            Path hidden = parent.resolve("." + target.getFileName() + "." + Long.toHexString(any) + ".tmp");
            AtomicFolder begun = new AtomicFolder(target, Files.createDirectory(hidden));
            Runtime.getRuntime().addShutdownHook(begun.atExit);
            return begun;
        } catch (IOException e) {
            throw new InvalidInputException(folder + " cannot be written: " + AtomicFile.reason(e) + ".", e);
        }
    }

    /** Refuses a folder that is not free before any work is done for it. */
    public static void requireFree(Path folder) {
        if (folder.toString().isEmpty()) {
            throw new InvalidInputException("A folder must have a name, but it is empty.");
        }
        Path parent = folder.toAbsolutePath().normalize().getParent();
        if (parent == null) {
            throw new InvalidInputException(folder + " must be a new or an empty folder, but it is the root of all.");
        }
        if (!Files.isDirectory(parent)) {
            throw new InvalidInputException("There is no folder " + parent + " to make " + folder + " in.");
        }
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw new InvalidInputException(folder + " must be a new or an empty folder, but it has files.");
                }
            } catch (IOException e) {
                throw new InvalidInputException(folder + " cannot be read: " + AtomicFile.reason(e) + ".", e);
            }
        } else if (Files.exists(folder) || Files.isSymbolicLink(folder)) {
            throw new InvalidInputException(folder + " must be a new or an empty folder, but it is none.");
        }
    }

    /** A new file in it. */
    public synchronized OutputStream create(String name) throws IOException {
        if (over) {
            throw new IOException("the folder is finished or given up");
        }
        return Files.newOutputStream(hidden.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** A whole file in it. */
    public void write(String name, byte[] content) throws IOException {
        try (OutputStream out = create(name)) {
            out.write(content);
        }
    }

    /** Gives it its name. */
    public synchronized void publish() throws IOException {
        Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
        over = true;
    }

    /** Removes what was not published. */
    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The program is being ended, and that thread may run already.
        }
    }

    /** A file that is still being written is gone with its name, and create makes no more. */
    private synchronized void remove() {
        if (over) {
            return;
        }
        over = true;
        try (Stream<Path> files = Files.list(hidden)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(hidden);
        } catch (IOException e) {
            throw new UncheckedIOException(hidden + " could not be removed: " + AtomicFile.reason(e), e);
        }
    }
}
