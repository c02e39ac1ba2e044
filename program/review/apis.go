package review

import "strings"

// apiNames are the members of the API object that programs know, here or on the platforms they come from. They are needed only
// where the object itself is not to be seen: in what frameworks and bundlers make.
const apiNames = `
request uploadFile downloadFile connectSocket sendSocketMessage closeSocket onSocketOpen onSocketMessage onSocketClose onSocketError
setStorage setStorageSync getStorage getStorageSync removeStorage removeStorageSync clearStorage clearStorageSync getStorageInfo getStorageInfoSync
navigateTo redirectTo switchTab navigateBack reLaunch navigateToMiniProgram navigateBackMiniProgram exitMiniProgram openEmbeddedMiniProgram
showToast hideToast showLoading hideLoading showModal showActionSheet setNavigationBarTitle setNavigationBarColor showNavigationBarLoading
hideNavigationBarLoading setTabBarBadge removeTabBarBadge showTabBarRedDot hideTabBarRedDot setTabBarItem setTabBarStyle showTabBar hideTabBar
startPullDownRefresh stopPullDownRefresh pageScrollTo createSelectorQuery createIntersectionObserver createAnimation createCanvasContext
getSystemInfo getSystemInfoSync getSystemInfoAsync getWindowInfo getDeviceInfo getAppBaseInfo getMenuButtonBoundingClientRect getLaunchOptionsSync
getEnterOptionsSync getUpdateManager getAccountInfoSync getNetworkType onNetworkStatusChange getBatteryInfo getBatteryInfoSync
setClipboardData getClipboardData makePhoneCall vibrateShort vibrateLong scanCode addPhoneContact setKeepScreenOn setScreenBrightness
getScreenBrightness onUserCaptureScreen onMemoryWarning
login checkSession getUserInfo getUserProfile getPhoneNumber getPlusStatus authorize getSetting openSetting getPrivacySetting
openPrivacyContract requirePrivacyAuthorize onNeedPrivacyAuthorization requestSubscribeMessage openCustomerServiceChat
getLocation getFuzzyLocation chooseLocation choosePoi openLocation startLocationUpdate startLocationUpdateBackground stopLocationUpdate
onLocationChange offLocationChange
chooseImage chooseMedia chooseVideo chooseMessageFile previewImage previewMedia getImageInfo compressImage saveImageToPhotosAlbum
saveVideoToPhotosAlbum getVideoInfo compressVideo createCameraContext createVideoContext createInnerAudioContext createAudioContext
getBackgroundAudioManager createLivePlayerContext createLivePusherContext getRecorderManager startRecord stopRecord joinVoIPChat createMapContext
getFileSystemManager saveFile getSavedFileList getSavedFileInfo removeSavedFile getFileInfo openDocument saveFileToDisk
chooseAddress chooseInvoice chooseInvoiceTitle chooseLicensePlate chooseContact addCard openCard requestPayment requestOrderPayment
showShareMenu hideShareMenu updateShareMenu getShareInfo showShareImageMenu shareFileMessage getGroupEnterInfo
openBluetoothAdapter closeBluetoothAdapter startBluetoothDevicesDiscovery createBLEConnection readBLECharacteristicValue
writeBLECharacteristicValue startBeaconDiscovery startWifi connectWifi getWifiList getConnectedWifi startHCE sendHCEMessage
startAccelerometer stopAccelerometer onAccelerometerChange startCompass onCompassChange startGyroscope onGyroscopeChange
startDeviceMotionListening startSoterAuthentication checkIsSupportSoterAuthentication startFacialRecognitionVerify faceDetect getWeRunData
createRewardedVideoAd createInterstitialAd reportAnalytics reportEvent getExtConfig getExtConfigSync setBackgroundColor
setBackgroundTextStyle loadFontFace nextTick canIUse base64ToArrayBuffer arrayBufferToBase64 createWorker`

// commonNames are those that libraries use for things of their own too.
const commonNames = `request login authorize nextTick createAnimation openLocation saveFile getFileInfo reportEvent createWorker openDocument navigateTo
showModal getSetting getLocation chooseImage`

type apiKind uint8

const (
	noAPI      apiKind = iota
	commonName         // an API if the object looks like one
	ownName            // an API whatever the object
)

var apiKinds = func() map[string]apiKind {
	m := map[string]apiKind{}
	for name := range strings.FieldsSeq(apiNames) {
		m[name] = ownName
	}
	for name := range strings.FieldsSeq(commonNames) {
		m[name] = commonName
	}
	return m
}()

func knownAPI(name string) apiKind { return apiKinds[name] }
