package superweight.report;

import com.google.gson.GsonBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * How a result came to be; stands beside it as {@code <same name>.provenance.json}.
 *
 * <p>Names no user, no host and no folder of the machine. What a machine does not tell is {@value
 * #NOT_AVAILABLE}.
 *
 * @param notebook the notebook that made the result
 * @param commit of the checkout, with {@code -dirty} where it differs from its commit
 * @param command the line the user typed
 * @param time start and end in UTC, and how long that was
 * @param peakResidentMemory of the whole process with its native libraries
 * @param parameters what the measurement was set to
 * @param seeds every source of randomness
 */
public record Provenance(
        String notebook,
        String commit,
        String command,
        Time time,
        String peakResidentMemory,
        Input model,
        Text text,
        String size,
        Map<String, Object> parameters,
        Map<String, Long> seeds,
        Versions versions,
        Machine machine) {

    /** Stands where the machine or the run does not say. */
    public static final String NOT_AVAILABLE = "not available";

    /**
     * When, ISO 8601 in UTC, and how long.
     *
     * @param keptSeconds how long it had taken to measure what was kept of earlier, interrupted runs
     */
    public record Time(String start, String end, double wallSeconds, double keptSeconds) {
        /** From a moment up to now. */
        static Time since(Instant start, double keptSeconds) {
            Instant end = Instant.now();
            return new Time(
                    start.truncatedTo(ChronoUnit.SECONDS).toString(),
                    end.truncatedTo(ChronoUnit.SECONDS).toString(),
                    Duration.between(start, end).toMillis() / 1000.0,
                    keptSeconds);
        }
    }

    /** A model and the hash of its file. */
    public record Input(String name, String sha256) {}

    /** A text, the hash of its file, and into how many tokens this model's tokenizer cuts it. */
    public record Text(String name, String sha256, int tokens) {}

    /** Of everything that computes or draws. */
    public record Versions(
            String superweight, String jdk, String djl, String pytorch, String jjava) {}

    /** A pretty JSON document. */
    public String json() {
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(this) + "\n";
    }
}
