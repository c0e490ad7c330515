package superweight.quantize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The quantizers once more, in plain loops over float arrays: what the properties hold the real ones to. */
final class PlainQuantizer {
    private PlainQuantizer() {}

    /** The places of each block's elements in a row-major matrix. */
    static List<int[]> cut(Blocks blocks, int rows, int columns) {
        int elements = rows * columns;
        if (blocks instanceof Blocks.Runs runs) {
            return runs(elements, runs.length());
        } else if (blocks instanceof Blocks.RunsOrWhole runs) {
            return runs(elements, elements % runs.length() == 0 ? runs.length() : elements);
        } else if (blocks instanceof Blocks.Rows) {
            return runs(elements, columns);
        } else if (blocks instanceof Blocks.Tiles tiles) {
            return tiles(rows, columns, tiles.side());
        }
        return runs(elements, elements);
    }

    private static List<int[]> runs(int elements, int length) {
        List<int[]> runs = new ArrayList<>();
        for (int start = 0; start < elements; start += length) {
            runs.add(IntStream.range(start, Math.min(elements, start + length)).toArray());
        }
        return runs;
    }

    private static List<int[]> tiles(int rows, int columns, int side) {
        List<int[]> tiles = new ArrayList<>();
        for (int top = 0; top < rows; top += side) {
            for (int left = 0; left < columns; left += side) {
                int from = left;
                tiles.add(IntStream.range(top, Math.min(rows, top + side))
                        .flatMap(row -> IntStream.range(from, Math.min(columns, from + side))
                                .map(column -> row * columns + column))
                        .toArray());
            }
        }
        return tiles;
    }

    /** The elements at some places. */
    static float[] at(int[] places, float[] values) {
        float[] found = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            found[i] = values[places[i]];
        }
        return found;
    }

    /** The distance between the levels of one block. */
    static float step(Rounding rounding, float[] block) {
        float low = smallest(block);
        float high = largest(block);
        if (rounding instanceof Rounding.MinMax minMax) {
            return (high - low) / minMax.steps();
        } else if (rounding instanceof Rounding.MinMaxIntegerZero zero) {
            return Math.max(1e-5f, (Math.max(high, 0) - Math.min(low, 0)) / zero.steps());
        }
        float magnitude = Math.max(1e-5f, Math.max(Math.abs(low), Math.abs(high)));
        return magnitude / ((Rounding.AbsMax) rounding).steps();
    }

    static float[] round(Rounding rounding, float[] block) {
        float step = step(rounding, block);
        float low = smallest(block);
        float[] rounded = new float[block.length];
        for (int i = 0; i < block.length; i++) {
            if (rounding instanceof Rounding.MinMax) {
                rounded[i] = step == 0 ? low : (float) Math.rint((block[i] - low) / step) * step + low;
            } else if (rounding instanceof Rounding.MinMaxIntegerZero zero) {
                float at = (float) Math.rint(-Math.min(low, 0) / step);
                float level = (float) Math.rint(block[i] / step) + at;
                rounded[i] = (Math.max(0, Math.min(zero.steps(), level)) - at) * step;
            } else {
                rounded[i] = (float) Math.rint(block[i] / step) * step;
            }
        }
        return rounded;
    }

    /** Between which values a clip leaves the elements of one block. */
    static double[] bounds(Clip clip, float[] block, float[] tensor) {
        if (clip instanceof Clip.MagnitudeDeviations deviations) {
            double[] magnitudes = doubles(magnitudes(block));
            double most = mean(magnitudes) + deviations.z() * deviation(magnitudes);
            return new double[] {-most, most};
        } else if (clip instanceof Clip.Deviations deviations) {
            double[] values = doubles(block);
            double reach = deviations.sigma() * deviation(values);
            return new double[] {mean(values) - reach, mean(values) + reach};
        } else if (clip instanceof Clip.BlockShare share) {
            double most = kthLargest(block, Math.max((int) (block.length * share.share() + 1), 1));
            return new double[] {-most, most};
        } else if (clip instanceof Clip.TensorShare share) {
            double most = kthLargest(tensor, Math.max((int) (tensor.length * share.share()), 1));
            return new double[] {-most, most};
        }
        return new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
    }

    static float smallest(float[] values) {
        return (float) Arrays.stream(doubles(values)).min().orElseThrow();
    }

    static float largest(float[] values) {
        return (float) Arrays.stream(doubles(values)).max().orElseThrow();
    }

    /** Four units in the last place of the largest magnitude. */
    static double fourUlp(float[] values) {
        return 4 * Math.ulp(largest(magnitudes(values)));
    }

    static float[] magnitudes(float[] values) {
        float[] magnitudes = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs(values[i]);
        }
        return magnitudes;
    }

    private static double kthLargest(float[] values, int k) {
        float[] sorted = magnitudes(values);
        Arrays.sort(sorted);
        return sorted[sorted.length - Math.min(sorted.length, k)];
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
        return Math.sqrt(squares / Math.max(1, values.length - 1));
    }
}
