package superweight.find;

/**
 * One candidate and what it turned out to be.
 *
 * @param pass the pass of the search that proposed it, from 1
 */
public record Finding(Role role, Evidence evidence, int pass) {
    /** What a weight behind a spike in down_proj's output does. */
    public enum Role {
        /** Writes a super activation, or starts the chain that does. */
        SUPER_WEIGHT("super weight"),
        /** Stands in a late layer and writes a super activation away again. */
        ERASER("eraser"),
        /** Stands in a late layer and writes what only the last layers see. */
        LATE_SPIKE("late spike"),
        /** Spikes in an early layer, but the super activation does without it. */
        BYSTANDER("bystander");

        private final String words;

        Role(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
