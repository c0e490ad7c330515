package superweight.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import superweight.model.KernelChoice;
import superweight.model.TorchEngine;

/**
 * The machine a result was made on, as far as it bears on numbers and times.
 *
 * @param cores that the JVM may use
 * @param threads that libtorch computes with
 * @param kernels that it computes with, by their name
 * @param jvmFlags as the JVM was started with, folders removed
 */
public record Machine(
        String os, String architecture, String cpu, int cores, int threads, String kernels, List<String> jvmFlags) {

    static Machine here(PathRemoval paths) {
        return new Machine(
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"),
                procValue(Path.of("/proc/cpuinfo"), "model name").orElse(Provenance.NOT_AVAILABLE),
                Runtime.getRuntime().availableProcessors(),
                TorchEngine.threads(),
                KernelChoice.nameHere(),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .map(paths::from).toList());
    }

    /** The most memory this process has had resident so far; only Linux keeps the number. */
    static Optional<String> peakResidentMemory() {
        return procValue(Path.of("/proc/self/status"), "VmHWM");
    }

    /** The first value after "key:" in one of Linux' tables. */
    private static Optional<String> procValue(Path table, String key) {
        if (!Files.isReadable(table)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(table)) {
            return lines.filter(line -> line.startsWith(key) && line.contains(":"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
