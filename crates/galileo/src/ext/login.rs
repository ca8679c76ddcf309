//! The other way in: a token instead of the key.

use crate::models::ApiKeyLoginRequest;
use crate::{Client, ClientBuilder, Error, Secret};

impl Client {
    /// A client like this one that sends a token instead of the API key, as the vendor's own SDKs do: the key travels
    /// once, to `POST /login/api_key`, and the token that comes back travels from then on. Tokens expire; log in again
    /// then.
    ///
    /// # Errors
    ///
    /// When the key is refused, or no answer arrives.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), observatory_galileo::Error> {
    /// use observatory_galileo::Client;
    ///
    /// let galileo = Client::builder().build()?.log_in("the key").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn log_in(&self, api_key: impl Into<Secret>) -> Result<Self, Error> {
        let key = ApiKeyLoginRequest::new(api_key);
        let token = self.auth().login_api_key(key).await?;
        ClientBuilder::like(self.as_ref())
            .bearer_token(token.access_token)
            .build()
    }
}
