"""TensorFlow lives here and nowhere else: data, architectures, fitting, evaluation, export."""
