package superweight.measure;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** The numbers that Python's {@code random} module draws, so that a sample drawn there with a seed is the same here. */
final class PythonRandom {
    private final UniformRandomProvider twister;

    PythonRandom(int seed) {
        // Python hands its seed to the Mersenne Twister as an array of 32-bit words.
        twister = RandomSource.MT.create(new int[] {seed});
    }

    /** A whole number from 0 to {@code bound - 1}: {@code random.randint(0, bound - 1)}. */
    int below(int bound) {
        int unused = Integer.numberOfLeadingZeros(bound);
        while (true) {
            int drawn = twister.nextInt() >>> unused;
            if (drawn < bound) {
                return drawn;
            }
        }
    }
}
