//! Tests with real clients of model APIs: `rig-core` and `genai`.
