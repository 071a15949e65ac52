//! What more than one test of this crate needs.

/// Mean and standard deviation, of which numbers from 0 to 1 that are all equally likely
/// have 0.5 and 0.289.
pub(crate) fn mean_and_deviation(numbers: &[f64]) -> (f64, f64) {
    let count = f64::from(u32::try_from(numbers.len()).unwrap());
    let mean = numbers.iter().sum::<f64>() / count;
    let squares = numbers.iter().map(|number| (number - mean).powi(2));
    (mean, (squares.sum::<f64>() / count).sqrt())
}

pub(crate) fn assert_near(number: f64, expected: f64, tolerance: f64) {
    assert!((number - expected).abs() < tolerance, "{number} and not {expected}");
}

pub(crate) fn assert_uniform(numbers: &[f64]) {
    let (mean, deviation) = mean_and_deviation(numbers);
    assert_near(mean, 0.5, 0.05);
    assert_near(deviation, 0.289, 0.03);
    // Neighbours must not resemble each other either. The differences of independent
    // numbers spread by 0.289 times the root of 2.
    let steps: Vec<_> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let (_, deviation) = mean_and_deviation(&steps);
    assert_near(deviation, 0.408, 0.05);
}
