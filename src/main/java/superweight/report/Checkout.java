package superweight.report;

import java.nio.file.Path;
import java.util.List;

/** Where things lie in a checkout of this project. */
public record Checkout(Path root) {
    /** The checkout that the launcher, the kernel and the tests name as {@code superweight.home}. */
    public static Checkout current() {
        String home = System.getProperty("superweight.home");
        if (home == null) {
            throw new IllegalStateException("the system property superweight.home is not set; "
                    + "start through ./superweight or the kernel");
        }
        return new Checkout(Path.of(home));
    }

    public Path claims() {
        return paperTables().resolve("claims.csv");
    }

    /** The claims that README shows. */
    public Path headlines() {
        return paperTables().resolve("headlines.csv");
    }

    /** The documents that show verdicts: some of the claims in one, all of them in the other. */
    public List<Path> verdictDocuments() {
        return List.of(root.resolve("README.md"), paperTables().resolve("README.md"));
    }

    public Path superWeights() {
        return paperTables().resolve("super-weights.csv");
    }

    /** Where the sources contradict each other. */
    public Path contradictions() {
        return paperTables().resolve("contradictions.csv");
    }

    /** What a source's figure plots. */
    public Path printed(String figure) {
        return paperTables().resolve("printed").resolve(figure + ".csv");
    }

    /** How much of its work each notebook does at each size. */
    public Path sizes() {
        return notebooks().resolve("sizes.csv");
    }

    public Path notebooks() {
        return root.resolve("notebooks");
    }

    public Path paperTables() {
        return root.resolve("paper-tables");
    }
}
