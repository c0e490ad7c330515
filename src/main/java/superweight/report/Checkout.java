package superweight.report;

import java.nio.file.Path;

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

    public Path superWeights() {
        return paperTables().resolve("super-weights.csv");
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
