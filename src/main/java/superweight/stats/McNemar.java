package superweight.stats;

import org.apache.commons.statistics.inference.BinomialTest;

/**
 * McNemar's exact test of two conditions that answer the same items right or wrong.
 *
 * <p>Only the items on which they differ tell them apart; where the conditions are equally good, each such item is as
 * likely to be gained as to be lost.
 *
 * @param gained items that only the second condition gets right
 * @param lost items that only the first condition gets right
 * @param items all of them
 */
public record McNemar(int gained, int lost, int items) {
    public McNemar {
        if (gained < 0 || lost < 0 || items < 1 || gained + lost > items) {
            throw new IllegalArgumentException(
                    "of %d items %d were gained and %d lost".formatted(items, gained, lost));
        }
    }

    /** Compares right answers before and after a change, item by item. */
    public static McNemar of(boolean[] before, boolean[] after) {
        if (before.length != after.length) {
            throw new IllegalArgumentException("paired answers must be to the same items: %d against %d"
                    .formatted(before.length, after.length));
        }
        int gained = 0;
        int lost = 0;
        for (int item = 0; item < before.length; item++) {
            gained += after[item] && !before[item] ? 1 : 0;
            lost += before[item] && !after[item] ? 1 : 0;
        }
        return new McNemar(gained, lost, before.length);
    }

    /** Two-sided, from the binomial distribution; 1 where the conditions never differ. */
    public double pValue() {
        int different = gained + lost;
        return different == 0 ? 1 : BinomialTest.withDefaults().test(different, gained, 0.5).getPValue();
    }

    /** Accuracy after the change less accuracy before it, from -1 to 1. */
    public double difference() {
        return (double) (gained - lost) / items;
    }

    /** gained / lost, the conditional odds ratio; infinite where nothing was lost, NaN where nothing changed. */
    public double oddsRatio() {
        return (double) gained / lost;
    }
}
