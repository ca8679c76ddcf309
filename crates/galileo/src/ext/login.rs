//! Login with an API key, which returns a token.

use crate::models::ApiKeyLoginRequest;
use crate::{Client, ClientBuilder, Error, Secret};

impl Client {
    /// Logs in with an API key and returns a client that sends the resulting token instead of the key.
    ///
    /// The key is sent only once, to `POST /login/api_key`. The SDKs of the vendor do the same. Log in again when the
    /// token expires.
    ///
    /// # Errors
    ///
    /// If the login request fails, for example because the key is invalid.
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
        ClientBuilder::from_client(self.as_ref())
            .bearer_token(token.access_token)
            .build()
    }
}
