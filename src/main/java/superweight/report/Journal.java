package superweight.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import superweight.Progress;
import superweight.Sha256;

/**
 * What a run has measured so far, on disk: one that was stopped or killed goes on there.
 *
 * <p>Each step has a file, named by the SHA-256 of all that its results depend on and written whole. Its first line has
 * the SHA-256 of its name and of all else in it, and how many seconds the step took. A file that is not as it was
 * written counts for nothing, so the step is measured anew.
 */
final class Journal {
    private static final int HEAD = 100; // no first line is longer, in bytes

    private final Path folder;
    private final Set<Path> ownFiles = new HashSet<>();
    private double keptSeconds;

    /** @param folder of this run only: of one model, code, notebook and text */
    Journal(Path folder) {
        this.folder = folder;
    }

    /** A progress that tells the same and keeps its steps here. */
    Progress keeping(Progress told) {
        return new Progress() {
            @Override
            public void at(double fraction, String what) {
                told.at(fraction, what);
            }

            @Override
            public <R extends Record> List<R> step(Record inputs, Class<R> type, Supplier<List<R>> measurement) {
                return Journal.this.step(inputs, type, measurement);
            }
        };
    }

    /** How long those steps took that an earlier run had measured. */
    double keptSeconds() {
        return keptSeconds;
    }

    private <R extends Record> List<R> step(Record inputs, Class<R> type, Supplier<List<R>> measurement) {
        return file(inputs, type)
                .map(file -> read(file, type).orElseGet(() -> measured(file, measurement)))
                .orElseGet(measurement);
    }

    /** Of the step; none where something it depends on cannot be known again in another run, such as a lambda. */
    private Optional<Path> file(Record inputs, Class<?> type) {
        try {
            return Optional.of(folder.resolve(Sha256.of(RecordFormat.write(List.of(type.getName(), inputs)))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private <R extends Record> List<R> measured(Path file, Supplier<List<R>> measurement) {
        long start = System.nanoTime();
        List<R> results = measurement.get();
        String seconds = String.format(Locale.ROOT, "%.3f", (System.nanoTime() - start) / 1e9);
        byte[] bytes = RecordFormat.write(results);
        byte[] head = (sum(file, seconds, bytes) + " " + seconds + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        AtomicFile.write(file, all);
        ownFiles.add(file);
        return results;
    }

    private <R extends Record> Optional<List<R>> read(Path file, Class<R> type) {
        try {
            byte[] all = Files.readAllBytes(file);
            String line = new String(all, 0, Math.min(all.length, HEAD), StandardCharsets.ISO_8859_1)
                    .lines().findFirst().orElse("");
            byte[] bytes = Arrays.copyOfRange(all, Math.min(all.length, line.length() + 1), all.length);
            String[] head = line.split(" ");
            if (head.length != 2 || !head[0].equals(sum(file, head[1], bytes))) {
                return Optional.empty();
            }
            List<R> results = RecordFormat.readList(bytes, type);
            keptSeconds += ownFiles.contains(file) ? 0 : Double.parseDouble(head[1]);
            return Optional.of(results);
        } catch (IOException e) { // there is none, or none that can be read
            return Optional.empty();
        }
    }

    private static String sum(Path file, String seconds, byte[] bytes) {
        return Sha256.of((file.getFileName() + " " + seconds + " " + Sha256.of(bytes))
                .getBytes(StandardCharsets.UTF_8));
    }
}
